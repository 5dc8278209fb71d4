// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/follower.h"

#include <algorithm>
#include <utility>

namespace weir::loki {
namespace {

/// No disk's clock goes slower.
constexpr Duration kTick = std::chrono::milliseconds(100);

/// Where the last line of a file begins that is not ended yet, or its end.
std::uint64_t tail_of(int fd, std::uint64_t size) {
  char piece[4096];
  for (std::uint64_t end = size; end > 0;) {
    const std::uint64_t begin = end > sizeof piece ? end - sizeof piece : 0;
    const auto got = read_at(fd, piece, static_cast<std::size_t>(end - begin), begin);
    if (!got) return size;
    const std::size_t newline = std::string_view(piece, *got).rfind('\n');
    if (newline != std::string_view::npos) return begin + newline + 1;
    end = begin;
  }
  return 0;
}

}  // namespace

Follower::Follower(FollowWorld& world, std::string path, std::vector<Labels> streams)
    : world_(world), path_(std::move(path)), streams_(std::move(streams)) {}

Follower::~Follower() {
  for (Generation& generation : generations_) let_go(generation);
}

void Follower::set_streams(std::vector<Labels> streams) {
  streams_ = std::move(streams);
  for (Generation& generation : generations_) generation.file->set_streams(this, streams_);
}

std::shared_ptr<const LogFile> Follower::file() const {
  return generations_.empty() ? nullptr : generations_.back().file;
}

std::uint64_t Follower::unread() const {
  std::uint64_t bytes = 0;
  for (const Generation& generation : generations_) {
    const std::uint64_t size = std::max(generation.seen_size, generation.file->size());
    bytes += size - std::min(size, generation.file->offset());
  }
  return bytes;
}

void Follower::set_trouble(std::string text) {
  if (text == trouble_) return;
  trouble_ = std::move(text);
  if (!trouble_.empty())
    world_.log->warn("file cannot be read, will try again", {{"path", path_}, {"error", trouble_}});
}

const std::string& Follower::trouble() const {
  for (const Generation& generation : generations_) {
    if (!generation.look.why().empty()) return generation.look.why();
  }
  return beside_.why().empty() ? trouble_ : beside_.why();
}

/// What is there is not given up because it cannot be seen.
void Follower::cannot_look(LookAgain& look, const Error& error) {
  look.failed(error, world_.clock->steady());
  world_.rare_log->warn("rotated file cannot be looked at, will try again",
                        {{"path", path_}, {"error", error.message}});
}

bool Follower::leads(const Generation& generation) const {
  return generation.file->cursor().path == path_;
}

bool Follower::is_live(const Generation& generation) const {
  const auto live = world_.live.find(generation.file->key());
  return live != world_.live.end() && live->second == generation.file;
}

bool Follower::busy() const {
  return generations_.size() > 1 || (!generations_.empty() && generations_.front().rotated);
}

Follower::Generation* Follower::current() {
  return generations_.empty() || generations_.back().rotated ? nullptr : &generations_.back();
}

bool Follower::poll() {
  changed_ = false;
  const auto facts = file_facts(path_);
  Generation* here = current();
  if (here != nullptr && !is_live(*here)) {  // who led it has let it go
    generations_.pop_back();
    here = nullptr;
  }
  if (!facts || !facts->regular) {
    const bool missing = !facts && facts.error().code == Code::kNotFound;
    if (missing && begun_)
      trouble_ = facts.error().message;  // deleted, or between two names
    else
      set_trouble(facts ? "it is no regular file" : facts.error().message);
    if (here != nullptr && (missing || facts)) rotate(*here);
    if (missing) look_beside();
  } else if (here != nullptr && here->file->key() == facts->key) {
    look_at(*here, *facts);
  } else {
    if (here != nullptr) rotate(*here);
    arrive();
  }
  begun_ = true;
  look_for_unread();
  advance();
  return changed_;
}

/// The file at the path is the one we know: has it grown, was it cut?
void Follower::look_at(Generation& generation, const FileFacts& facts) {
  LogFile& file = *generation.file;
  if (!file.parked()) return;
  const auto error = file.error();
  set_trouble(file.last_turn() == LogFile::Turn::kFailed && error ? error->message : "");
  if (!leads(generation)) return;
  if (file.last_turn() == LogFile::Turn::kReplaced ||
      (!world_.rules->compression && facts.size < file.offset()))
    return cut(generation);
  const Duration now = world_.clock->steady();
  const bool grown =
      facts.size != generation.seen_size || facts.modified_ns != generation.seen_modified_ns;
  if (grown || file.has_abandoned() || file.last_turn() == LogFile::Turn::kFailed) {
    generation.seen_size = facts.size;
    generation.seen_modified_ns = facts.modified_ns;
    file.saw(facts);
    generation.changed_at = now;
    changed_ = changed_ || grown;
    if (!generation.may_read) return;
    file.verify_next();
    world_.queue->push(generation.file);
  } else if (file.is_open() && now - generation.changed_at > world_.idle_close &&
             file.unsettled() == 0) {
    file.close();
  }
}

void Follower::arrive(bool anew) {
  changed_ = true;
  auto now = FoundFile::open(path_);
  if (!now) return set_trouble(now.error().message);
  if (belongs_elsewhere(now->facts.key)) return;
  set_trouble("");
  Cursor cursor;
  const Cursor* before = world_.book.find(now->facts.key);
  const bool packed = world_.rules->compression.has_value();
  const bool known = !anew && before != nullptr && before->state != Cursor::State::kBeside &&
                     before->identity.fingerprint.begins(now->first) &&
                     (packed || before->offset <= now->facts.size);
  if (known)
    cursor = *before;
  else
    cursor.identity = {now->facts.key, Fingerprint::of(now->first)};
  if (cursor.state == Cursor::State::kSkipped)
    return set_trouble("its old position could not be read, and on_positions_file_error says skip");
  const bool first = !begun_ && generations_.empty() && world_.book.of_path(path_).empty();
  if (first)
    note_beside(resolved(path_));
  else if (!add_missed(*now, known))
    return;
  if (!known && first && world_.tail_from_end && !packed)
    cursor.offset = tail_of(now->handle.fd(), now->facts.size);
  generations_.push_back(generation_of(std::move(cursor), std::move(*now), false));
}

bool Follower::belongs_elsewhere(const FileKey& key) {
  if (const auto live = world_.live.find(key); live != world_.live.end()) {
    // A second name for it, or the name it was renamed to: then once its own path is done with it.
    const auto other = file_facts(live->second->cursor().path);
    if (!live->second->rotated && other && other->key == key) share(live->second);
    return true;
  }
  const Cursor* known = world_.book.find(key);
  if (known == nullptr || known->path == path_ || known->state != Cursor::State::kReading)
    return false;
  const auto owner = world_.followers.find(known->path);
  return owner != world_.followers.end() && owner->second.get() != this &&
         !owner->second->begun();  // it has the first word
}

/// A file that another follower leads: its lines are sent under the labels of both.
void Follower::share(const std::shared_ptr<LogFile>& file) {
  set_trouble("");
  file->set_streams(this, streams_);
  generations_.emplace_back().file = file;
}

Follower::Past Follower::past(const FileKey* but) const {
  Past past;
  for (const Generation& generation : generations_) {
    const Cursor cursor = generation.file->cursor();
    past.files.push_back(
        {cursor.identity, KnownFile::Fate::kInLine, cursor.size, cursor.modified_ns});
    past.since_ns = std::max(past.since_ns, cursor.modified_ns);
  }
  for (Cursor& cursor : world_.book.of_path(path_)) {
    const FileKey& key = cursor.identity.key;
    if ((but != nullptr && key == *but) || world_.live.contains(key)) continue;
    const auto fate = cursor.state == Cursor::State::kReading  ? KnownFile::Fate::kUnread
                      : cursor.state == Cursor::State::kBeside ? KnownFile::Fate::kBeside
                                                               : KnownFile::Fate::kDone;
    past.files.push_back({cursor.identity, fate, cursor.offset, cursor.modified_ns});
    past.since_ns = std::max(past.since_ns, cursor.modified_ns);
    if (fate == KnownFile::Fate::kUnread) past.unread.push_back(std::move(cursor));
  }
  for (const Cursor& cursor : past.unread)
    past.since_ns = std::min(past.since_ns, cursor.modified_ns);
  return past;
}

bool Follower::add_missed(FoundFile& now, bool known) {
  const std::string place = resolved(path_);
  const Past past = this->past(known ? &now.facts.key : nullptr);
  const bool certain = known && now.first.size() >= Fingerprint::kTelling;
  if (certain && past.unread.empty()) {
    note_beside(place);
    return true;
  }
  // Packed files that the configuration has us read are not rotated further.
  auto beside =
      world_.rules->compression ? std::vector<FoundFile>() : open_rotated(place, past.since_ns);
  if (!beside) {
    set_trouble(beside.error().message);
    return false;
  }
  const auto is_now = [&](const FoundFile& file) { return file.facts.key == now.facts.key; };
  const auto after = file_facts(path_);
  const bool moved_on = !after || after->key != now.facts.key;
  if (!moved_on)
    std::erase_if(*beside, is_now);
  else if (std::none_of(beside->begin(), beside->end(), is_now))
    beside->push_back(std::move(now));
  const bool all =
      add_missed(std::move(*beside), past, certain ? AtPath::kKnownFile : AtPath::kNewFile);
  if (!all) set_trouble(beside_.why());
  return all && !moved_on;
}

bool Follower::add_missed(std::vector<FoundFile> beside, const Past& past, AtPath at_path) {
  std::erase_if(beside,
                [&](const FoundFile& file) { return world_.live.contains(file.facts.key); });
  MissedFiles missed = find_missed(std::move(beside), past.files);
  bool all = true;
  // Lost ones first: looking for them may fail, and then nothing is said of those that were found.
  for (const bool lost : {true, false}) {
    for (std::size_t i = 0, unread = 0; i < past.files.size(); ++i) {
      if (past.files[i].fate != KnownFile::Fate::kUnread) continue;
      const Cursor& cursor = past.unread[unread++];
      if (missed.lost[i] != lost) continue;
      if (lost && at_path == AtPath::kNothing) continue;  // its disk may not be mounted
      all = settle_unread(cursor, lost) && all;
      if (!all && beside_.is_shortage()) return false;
    }
  }
  if (all) beside_.done();
  for (const FoundFile& copy : missed.copies) note(copy);
  for (MissedFile& file : missed.files) {
    if (file.kind == MissedFile::Kind::kNew && at_path == AtPath::kKnownFile) continue;
    add_found(std::move(file));
  }
  return true;
}

void Follower::look_beside() {
  if (!beside_.due(world_.clock->steady())) return;
  const std::string place = resolved(path_);
  const auto folder = file_facts(folder_of(place));
  if (!folder || folder->modified_ns == folder_modified_ns_) return;
  // What changes within a tick of the disk's clock is told by the next look.
  const bool settled = world_.clock->now().ns - folder->modified_ns > kTick.count();
  folder_modified_ns_ = settled ? folder->modified_ns : -1;
  if (!begun_ && world_.book.of_path(path_).empty()) return note_beside(place);
  const Past past = this->past(nullptr);
  auto beside =
      world_.rules->compression ? std::vector<FoundFile>() : open_rotated(place, past.since_ns);
  if (!beside) {
    folder_modified_ns_ = -1;
    return cannot_look(beside_, beside.error());
  }
  add_missed(std::move(*beside), past, AtPath::kNothing);
}

bool Follower::settle_unread(const Cursor& cursor, bool lost) {
  Rest rest;
  if (lost) {
    auto found = find_rest(cursor);
    if (!found) {
      cannot_look(beside_, found.error());
      return false;
    }
    rest = std::move(*found);
  }
  world_.book.erase(cursor.identity.key);
  if (rest.file) {
    add_found(std::move(*rest.file));
    return true;
  }
  if (rest.lost) {
    lose(cursor);
    return true;
  }
  Cursor done = cursor;  // so that copies of it are known
  done.state = Cursor::State::kFinished;
  world_.book.put(std::move(done));
  return true;
}

void Follower::look_for_unread() {
  const Generation* here = current();
  if (here == nullptr || beside_.why().empty() || !beside_.due(world_.clock->steady())) return;
  const FileKey key = here->file->key();
  bool all = true;
  for (const Cursor& cursor : past(&key).unread) all = settle_unread(cursor, true) && all;
  if (all) beside_.done();
}

Result<Follower::Rest> Follower::find_rest(const Cursor& cursor) const {
  const std::string places[] = {cursor.place, resolved(path_)};
  for (const std::string& place : places) {
    WEIR_TRY(auto found, find_identity(folder_of(place), cursor.identity));
    if (found)
      return Rest{MissedFile{std::move(*found), cursor.offset, MissedFile::Kind::kItself}, false};
  }
  const KnownFile known = {cursor.identity, KnownFile::Fate::kUnread, cursor.offset,
                           cursor.modified_ns};
  for (const std::string& place : places) {
    WEIR_TRY(auto beside, open_rotated(place, cursor.modified_ns));
    MissedFiles missed = find_missed(std::move(beside), {known});
    if (missed.lost.front()) continue;
    if (missed.files.empty() || missed.files.front().kind == MissedFile::Kind::kNew) return Rest{};
    return Rest{std::move(missed.files.front()), false};
  }
  return Rest{std::nullopt, true};
}

/// What is under way may still be delivered.
void Follower::lose_rest(LogFile& file) {
  Cursor cursor = file.cursor();
  cursor.offset = file.offset();
  file.forsake();
  lose(cursor);
}

void Follower::lose(const Cursor& cursor) {
  const std::uint64_t bytes = cursor.size - std::min(cursor.size, cursor.offset);
  world_.flow->lost.add(static_cast<double>(bytes));
  world_.log->warn(
      "a file that was rotated away is not there any more; what was unread is lost",
      {{"path", path_}, {"place", cursor.place}, {"offset", cursor.offset}, {"lost_bytes", bytes}});
}

/// A generation that lies beside the path.
void Follower::add_found(MissedFile missed) {
  FoundFile& file = missed.file;
  if (missed.kind != MissedFile::Kind::kItself && world_.followers.contains(file.path))
    return;  // a target of its own
  if (missed.kind == MissedFile::Kind::kNew) {
    const Cursor* other = world_.book.find(file.facts.key);
    if (other != nullptr && other->path != path_ && other->identity.fingerprint.length != 0 &&
        other->identity.fingerprint.begins(file.first))
      return;  // read under another path
    world_.log->info("found a rotated file that was never seen before",
                     {{"path", path_}, {"place", file.path}});
  }
  Cursor cursor;
  cursor.identity = {file.facts.key, Fingerprint::of(file.first)};
  cursor.offset = missed.offset;
  const auto place = generations_.end() - (current() == nullptr ? 0 : 1);
  generations_.insert(place, generation_of(std::move(cursor), std::move(file), true));
}

void Follower::note_beside(const std::string& place) {
  if (world_.rules->compression) return;
  world_.names.each_rotated(place, [this](std::string path) {
    if (packed_as(path) || world_.followers.contains(path)) return;
    if (const auto file = FoundFile::open(std::move(path))) note(*file);
  });
}

/// A file that is not to be read, so that it is known when it is packed.
void Follower::note(const FoundFile& file) {
  const FileKey& key = file.facts.key;
  if (world_.live.contains(key)) return;
  const Cursor* known = world_.book.find(key);
  if (known != nullptr && known->identity.fingerprint.length != 0 &&
      known->identity.fingerprint.begins(file.first))
    return;  // else its inode was another file's
  Cursor cursor;
  cursor.identity = {key, Fingerprint::of(file.first)};
  cursor.offset = cursor.size = file.facts.size;
  cursor.modified_ns = file.facts.modified_ns;
  cursor.state = Cursor::State::kBeside;
  cursor.path = path_;
  cursor.place = file.path;
  world_.book.put(std::move(cursor));
}

Follower::Generation Follower::generation_of(Cursor cursor, FoundFile file, bool rotated) {
  changed_ = true;
  const FileKey key = file.facts.key;
  cursor.state = Cursor::State::kReading;
  cursor.path = path_;
  cursor.place = rotated ? file.path : resolved(path_);
  cursor.modified_ns = file.facts.modified_ns;
  auto rules = world_.rules;
  if (rotated && file.packed && !rules->compression)
    rules = std::make_shared<const TextRules>(TextRules{rules->encoding, file.packed});
  if (!rules->compression) cursor.size = file.facts.size;
  world_.book.erase(key);
  Generation generation;
  generation.file = std::make_shared<LogFile>(world_.flow, std::move(rules), world_.metrics(path_),
                                              std::move(cursor), std::move(file.handle));
  generation.file->set_streams(this, streams_);
  generation.file->rotated = rotated;
  generation.rotated = rotated;
  if (!rotated && world_.flow->open_files > world_.flow->open_limit) generation.file->close();
  generation.changed_at = world_.clock->steady();
  world_.live[key] = generation.file;
  world_.flow->moved = true;
  return generation;
}

/// The path leads elsewhere now: what is left of the file is still to be read.
void Follower::rotate(Generation& generation) {
  changed_ = true;
  LogFile& file = *generation.file;
  generation.rotated = true;
  generation.changed_at = world_.clock->steady();
  if (!leads(generation)) return;
  file.rotated = true;
  if (file.parked() && bring_back(generation) == Back::kOpen && generation.may_read)
    world_.queue->push(generation.file);
}

Follower::Back Follower::bring_back(Generation& generation) {
  if (generation.file->is_open()) return Back::kOpen;
  if (generation.gone) return Back::kGone;
  if (!generation.look.due(world_.clock->steady())) return Back::kLater;
  const Cursor cursor = generation.file->cursor();
  auto rest = find_rest(cursor);
  if (!rest) {
    cannot_look(generation.look, rest.error());
    return Back::kLater;
  }
  generation.look.done();
  std::optional<MissedFile>& found = rest->file;
  if (found && found->kind == MissedFile::Kind::kItself) {
    generation.file->reopen(std::move(found->file.handle));
    return Back::kOpen;
  }
  generation.gone = !found;
  if (rest->lost) lose_rest(*generation.file);
  if (generation.gone) return Back::kGone;
  let_go(generation);
  world_.book.erase(cursor.identity.key);
  Cursor copy;
  copy.identity = {found->file.facts.key, Fingerprint::of(found->file.first)};
  copy.offset = found->offset;
  const bool may_read = generation.may_read;
  generation = generation_of(std::move(copy), std::move(found->file), true);
  generation.may_read = may_read;
  return Back::kOpen;
}

/// The file was cut or written anew in place: what is there now is another text.
void Follower::cut(Generation& generation) {
  Cursor old = generation.file->cursor();
  old.offset = generation.file->offset();
  world_.log->info("file was cut, starting over", {{"path", path_}, {"offset", old.offset}});
  let_go(generation);
  generation.file->forsake();
  generations_.pop_back();
  world_.book.put(std::move(old));
  arrive(true);
}

/// Lets the generations read one after another, and finishes those that are done.
void Follower::advance() {
  bool before_drained = true;
  for (std::size_t i = 0; i < generations_.size();) {
    Generation& generation = generations_[i];
    if (!before_drained) return;
    if (!generation.may_read) {
      if (world_.clock->steady() - generation.changed_at < world_.initial_delay) return;
      generation.may_read = true;
      if (leads(generation)) world_.queue->push(generation.file);
    }
    if (!generation.rotated) return;
    if (finish(generation)) {
      generations_.erase(generations_.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    before_drained = generation.drained;
    ++i;
  }
}

/// One step towards the end of a rotated file; true if there is nothing more to do for it.
bool Follower::finish(Generation& generation) {
  LogFile& file = *generation.file;
  if (!leads(generation)) {
    generation.drained = file.rotated && file.parked() && file.last_turn() == LogFile::Turn::kEnd;
    return !is_live(generation);
  }
  if (!file.parked()) return false;
  if (!file.is_open()) {
    const Back back = bring_back(generation);
    if (back == Back::kGone) return end(generation, false);
    if (back == Back::kOpen) world_.queue->push(generation.file);
    generation.drained = back == Back::kLater && !generation.look.is_shortage();
    return false;
  }
  const Duration now = world_.clock->steady();
  if (file.last_turn() == LogFile::Turn::kMore) return false;  // its first turn is still to come
  if (file.last_turn() == LogFile::Turn::kFailed) return read_again(generation);
  generation.look.done();
  const auto facts = file.facts();
  if (!facts || file.last_turn() == LogFile::Turn::kReplaced) return end(generation, false);
  if (facts->size != generation.seen_size || file.has_abandoned()) {
    if (facts->size != generation.seen_size) generation.changed_at = now;
    generation.seen_size = facts->size;
    if (facts->size > file.offset() || file.has_abandoned()) {
      world_.queue->push(generation.file);
      return false;
    }
  }
  generation.drained = true;
  file.saw(*facts);
  const bool quiet = now - generation.changed_at >= world_.linger ||
                     world_.clock->now().ns - facts->modified_ns >= world_.linger.count();
  if (!quiet) return false;
  if (!generation.finishing) {
    generation.finishing = true;
    file.finish_line();
    world_.queue->push(generation.file);
    return false;
  }
  return file.unsettled() == 0 && end(generation, true);
}

bool Follower::read_again(Generation& generation) {
  const Duration now = world_.clock->steady();
  if (!generation.look.due(now)) return false;
  const auto facts = generation.file->facts();
  const auto error = generation.file->error();
  const bool is_there = facts && !facts->unlinked && error && error->code != Code::kInvalid;
  if (!is_there && now - generation.changed_at >= world_.linger) return end(generation, false);
  if (error) cannot_look(generation.look, *error);
  generation.drained =
      !generation.look.is_shortage() && now - generation.changed_at >= world_.linger;
  world_.queue->push(generation.file);
  return false;
}

/// Lets a rotated file go for good.
bool Follower::end(Generation& generation, bool readable) {
  generation.drained = true;
  LogFile& file = *generation.file;
  Cursor cursor = file.cursor();
  if (!readable && !generation.gone) lose_rest(file);
  if (auto place = file.current_path()) cursor.place = std::move(*place);
  cursor.state = Cursor::State::kFinished;
  let_go(generation);
  world_.book.put(std::move(cursor));
  return true;
}

void Follower::let_go(Generation& generation) {
  LogFile& file = *generation.file;
  if (!leads(generation)) return file.set_streams(this, {});
  file.drop_streams();
  if (is_live(generation)) world_.live.erase(file.key());
  world_.book.put(file.cursor());
  world_.flow->moved = true;
}

}  // namespace weir::loki
