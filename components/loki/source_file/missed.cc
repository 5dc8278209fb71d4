// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/missed.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::loki {
namespace {

using Fate = KnownFile::Fate;

/// Takes files off those beside, known ones first.
class MissedSearch {
 public:
  explicit MissedSearch(std::vector<FoundFile> beside) {
    for (FoundFile& file : beside) {
      std::string text = file.first_text();
      beside_.push_back({std::move(file), std::move(text)});
    }
  }

  /// What is left of a known file: of itself and of copies that go further. False if none lies
  /// here.
  bool take_rest(const KnownFile& known) {
    std::uint64_t offset = known.offset;
    const auto itself = std::find_if(beside_.begin(), beside_.end(), [&](const Candidate& one) {
      return one.file.facts.key == known.identity.key &&
             known.identity.fingerprint.begins(one.file.first);
    });
    const bool found = itself != beside_.end();
    if (found) {
      offset = std::max(offset, itself->file.facts.size);
      const bool grown = !itself->file.packed && offset > known.offset;
      if (known.fate == Fate::kUnread || (known.fate == Fate::kDone && grown))
        result_.files.push_back({std::move(itself->file), known.offset, MissedFile::Kind::kItself});
      beside_.erase(itself);
    }
    return take_copies(known.identity.fingerprint, offset) || found;
  }
  /// What nobody has seen before, changed since.
  void take_new(std::int64_t since_ns) {
    for (Candidate& one : beside_) {
      if (one.file.facts.modified_ns >= since_ns)
        result_.files.push_back({std::move(one.file), 0, MissedFile::Kind::kNew});
    }
  }
  MissedFiles result() && { return std::move(result_); }

 private:
  struct Candidate {
    FoundFile file;
    std::string text;
  };

  bool take_copies(const Fingerprint& fingerprint, std::uint64_t offset) {
    if (fingerprint.length < Fingerprint::kTelling) return false;
    const std::size_t copies = std::erase_if(beside_, [&](Candidate& one) {
      if (!fingerprint.begins(one.text)) return false;
      const std::uint64_t extent = one.file.extent(offset);
      if (extent < offset) return false;  // another file that begins alike
      if (extent > offset)
        result_.files.push_back({std::move(one.file), offset, MissedFile::Kind::kCopy});
      else
        result_.copies.push_back(std::move(one.file));
      return true;
    });
    return copies != 0;
  }

  std::vector<Candidate> beside_;
  MissedFiles result_;
};

}  // namespace

MissedFiles find_missed(std::vector<FoundFile> beside, const std::vector<KnownFile>& known) {
  MissedSearch search(std::move(beside));
  std::vector<bool> lost;
  std::int64_t since_ns = std::numeric_limits<std::int64_t>::min();
  for (const KnownFile& one : known) {
    const bool there = search.take_rest(one);
    lost.push_back(!there && one.fate == Fate::kUnread);
    since_ns = std::max(since_ns, one.modified_ns);
  }
  search.take_new(since_ns);
  MissedFiles result = std::move(search).result();
  result.lost = std::move(lost);
  return result;
}

}  // namespace weir::loki
