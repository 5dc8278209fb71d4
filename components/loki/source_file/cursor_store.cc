// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/cursor_store.h"

#include "base/fs.h"

#include <charconv>
#include <unistd.h>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::string_view kHeader = "weir cursors ";
constexpr int kVersion = 2;
constexpr std::size_t kMaxStoreBytes = 256u << 20;
constexpr std::string_view kStates = "RFBS";

/// One word: what would end a word or a line, and the escape itself, as %XX.
void append_word(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f || c == '%')
      fmt::format_to(std::back_inserter(out), "%{:02x}", byte);
    else
      out.push_back(c);
  }
}

/// Takes words off a line.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    good_ = good_ && !word.empty();
    return word;
  }
  template <class Number>
  void number(Number& out, int base = 10) {
    const std::string_view word = next();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out, base);
    good_ = good_ && error == std::errc() && end == word.data() + word.size();
  }
  void text(std::string& out) {
    const std::string_view word = next();
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (word[i] != '%') {
        out.push_back(word[i]);
        continue;
      }
      unsigned byte = 0;
      const std::string_view digits = word.substr(i + 1, 2);
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      good_ = good_ && error == std::errc() && digits.size() == 2 && end == digits.data() + 2;
      out.push_back(static_cast<char>(byte));
      i += 2;
    }
  }
  void fail() { good_ = false; }
  [[nodiscard]] bool good() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

Result<Cursor> parse_cursor(std::string_view line) {
  Cursor cursor;
  Words words(line);
  const std::size_t state = kStates.find(words.next());
  if (state == std::string_view::npos) words.fail();
  cursor.state = static_cast<Cursor::State>(state);
  words.number(cursor.offset);
  words.number(cursor.size);
  words.number(cursor.identity.key.device);
  words.number(cursor.identity.key.inode);
  words.number(cursor.identity.fingerprint.length);
  words.number(cursor.identity.fingerprint.hash, 16);
  words.number(cursor.modified_ns);
  words.text(cursor.path);
  words.text(cursor.place);
  if (!words.good() || cursor.identity.fingerprint.length > Fingerprint::kMaxLength)
    return invalid("\"{}\" is no cursor", line);
  return cursor;
}

std::string quick_file(const std::string& file) {
  return file + ".quick";
}

}  // namespace

std::string print_cursors(const CursorList& list) {
  std::string out = format("{}{}\n", kHeader, kVersion);
  for (const Cursor& cursor : list.cursors) {
    fmt::format_to(std::back_inserter(out), "{} {} {} {} {} {} {:x} {} ",
                   kStates[static_cast<std::size_t>(cursor.state)], cursor.offset, cursor.size,
                   cursor.identity.key.device, cursor.identity.key.inode,
                   cursor.identity.fingerprint.length, cursor.identity.fingerprint.hash,
                   cursor.modified_ns);
    append_word(out, cursor.path);
    out.push_back(' ');
    append_word(out, cursor.place);
    out.push_back('\n');
  }
  out += format("end {} {} ", list.cursors.size(), list.serial);
  out += format("{:016x}\n", fnv1a(out));
  return out;
}

Result<CursorList> parse_cursors(std::string_view text) {
  const std::string_view whole = text;
  const std::string_view header = take_line(text);
  if (!header.starts_with(kHeader)) return invalid("it does not begin like a cursor store");
  if (header != format("{}{}", kHeader, kVersion))
    return invalid("it is of version {}, known is {}", header.substr(kHeader.size()), kVersion);
  CursorList list;
  while (!text.empty()) {
    const std::string_view before = whole.substr(0, whole.size() - text.size());
    const std::string_view line = take_line(text);
    if (line.starts_with("end ")) {
      if (!text.empty() || !whole.ends_with('\n'))
        return invalid("it does not end with its last line");
      Words words(line.substr(4));
      std::size_t count = 0;
      std::uint64_t sum = 0;
      words.number(count);
      words.number(list.serial);
      words.number(sum, 16);
      const std::size_t summed = before.size() + line.rfind(' ') + 1;
      if (!words.good() || count != list.cursors.size() || sum != fnv1a(whole.substr(0, summed)))
        return invalid("its checksum is wrong");
      return list;
    }
    WEIR_TRY(Cursor cursor, parse_cursor(line));
    list.cursors.push_back(std::move(cursor));
  }
  return invalid("its last line is missing");
}

Result<std::optional<CursorList>> load_cursors(const std::string& file) {
  auto text = fs::read_file(file, kMaxStoreBytes);
  if (!text && text.error().code == Code::kNotFound) {  // who took it away starts over
    ::unlink(quick_file(file).c_str());
    return std::optional<CursorList>();
  }
  if (!text) return text.error().within("reading cursors");
  auto list = parse_cursors(*text);
  if (!list)
    return invalid(
        "the cursor store {} cannot be used: {}; it says how far each log file was sent, and "
        "without it all of them would be sent again: "
        "bring it back from a copy, or delete it to start over (with tail_from_end = true from the "
        "end of each file)",
        file, list.error().message);
  const auto later = fs::read_file(quick_file(file), kMaxStoreBytes);
  auto quick = later ? parse_cursors(*later) : Result<CursorList>(later.error());
  if (quick && quick->serial > list->serial) list = std::move(quick);
  return std::optional<CursorList>(std::move(*list));
}

Status save_cursors(const std::string& file, const CursorList& list) {
  return fs::write_file_atomic(file, print_cursors(list));
}

Status save_cursors_quickly(const std::string& file, const CursorList& list) {
  return fs::replace_file(quick_file(file), print_cursors(list));
}

}  // namespace weir::loki
