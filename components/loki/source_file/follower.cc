// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/follower.h"

#include <algorithm>
#include <utility>

namespace weir::loki {
namespace {

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
    if (here != nullptr) rotate(*here);
  } else if (here != nullptr && here->file->key() == facts->key) {
    look_at(*here, *facts);
  } else {
    if (here != nullptr) rotate(*here);
    arrive(*facts);
  }
  begun_ = true;
  advance();
  return changed_;
}

/// The file at the path is the one we know: has it grown, was it cut?
void Follower::look_at(Generation& generation, const FileFacts& facts) {
  LogFile& file = *generation.file;
  if (!file.parked()) return;
  set_trouble(file.last_turn() == LogFile::Turn::kFailed ? file.error() : "");
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
    file.saw(facts.modified_ns);
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

/// Another file lies at the path than before, or the first one.
void Follower::arrive(const FileFacts& facts) {
  changed_ = true;
  if (const auto live = world_.live.find(facts.key); live != world_.live.end()) {
    // Read under another path: a second name for it, or the name it was renamed to.
    const auto other = file_facts(live->second->cursor().path);
    if (live->second->rotated || !other || other->key != facts.key)
      return;  // once its own path is done with it
    return share(live->second);
  }
  auto handle = FileHandle::open(path_);
  if (!handle) return set_trouble(handle.error().message);
  const auto first = read_first_bytes(handle->fd());
  if (!first) return set_trouble(first.error().message);
  set_trouble("");

  const Cursor* known = world_.book.find(facts.key);
  if (known != nullptr && known->path != path_ && known->state == Cursor::State::kReading) {
    const auto owner = world_.followers.find(known->path);
    if (owner != world_.followers.end() && owner->second.get() != this && !owner->second->begun())
      return;  // it has the first word
  }
  const bool fits = known != nullptr && known->identity.fingerprint.begins(*first) &&
                    (world_.rules->compression.has_value() || known->offset <= facts.size);
  Cursor cursor;
  if (fits)
    cursor = *known;
  else if (known != nullptr && known->state == Cursor::State::kReading) {
    if (const auto copy = find_copy(resolved(path_), known->identity, known->offset))
      add_found(*copy, known->offset);
    world_.book.erase(facts.key);
  }
  const bool missed = add_missed(facts, fits);
  if (!fits) {
    cursor.identity = {facts.key, Fingerprint::of(*first)};
    if (world_.tail_from_end && !begun_ && !missed && generations_.empty() &&
        !world_.rules->compression)
      cursor.offset = tail_of(handle->fd(), facts.size);
  }
  if (cursor.state == Cursor::State::kSkipped)
    return set_trouble("its old position could not be read, and on_positions_file_error says skip");
  cursor.state = Cursor::State::kReading;
  cursor.modified_ns = facts.modified_ns;
  cursor.place = resolved(path_);
  add(std::move(cursor), std::move(*handle), false);
}

/// A file that another follower leads: its lines are sent under the labels of both.
void Follower::share(const std::shared_ptr<LogFile>& file) {
  set_trouble("");
  file->set_streams(this, streams_);
  generations_.emplace_back().file = file;
}

bool Follower::add_missed(const FileFacts& now, bool known) {
  const std::string place = resolved(path_);
  std::int64_t since_ns = -1;
  std::vector<Fingerprint> seen;
  for (const Generation& generation : generations_) {
    const Cursor cursor = generation.file->cursor();
    const auto facts = generation.file->is_open() ? generation.file->facts()
                                                  : Result<FileFacts>(invalid("closed"));
    since_ns = std::max(since_ns, facts ? facts->modified_ns : cursor.modified_ns);
    seen.push_back(cursor.identity.fingerprint);
  }
  bool any = !generations_.empty();
  for (const Cursor& cursor : world_.book.of_path(path_)) {
    const FileKey& key = cursor.identity.key;
    if (key == now.key || world_.live.contains(key)) continue;
    since_ns = std::max(since_ns, cursor.modified_ns);
    seen.push_back(cursor.identity.fingerprint);
    if (cursor.state != Cursor::State::kReading) continue;
    any = true;
    auto found = find_identity(folder_of(cursor.place), cursor.identity);
    if (!found) found = find_identity(folder_of(place), cursor.identity);
    if (!found) found = find_copy(place, cursor.identity, cursor.offset);
    if (found) {
      since_ns = std::max(since_ns, found->facts.modified_ns);
      add_found(*found, cursor.offset);
    } else {
      world_.log->warn(
          "a file that was rotated away is not there any more; what was unread of it is lost",
          {{"path", path_}, {"place", cursor.place}, {"offset", cursor.offset}});
      world_.book.erase(key);
    }
  }
  if (known || since_ns < 0) return any;

  std::unordered_set<FileKey> others = {now.key};
  for (const auto& [key, file] : world_.live) others.insert(key);
  for (const auto& [key, cursor] : world_.book.all()) others.insert(key);
  for (const FoundFile& found : find_generations(place, since_ns, others)) {
    if (world_.followers.contains(found.path)) continue;  // a target of its own
    const auto handle = FileHandle::open(found.path);
    const auto first =
        handle ? read_first_bytes(handle->fd()) : Result<std::string>(handle.error());
    const bool copy = first && std::any_of(seen.begin(), seen.end(), [&](const Fingerprint& f) {
                        return f.length >= Fingerprint::kTelling && f.begins(*first);
                      });
    if (!first || copy) continue;
    world_.log->info("found a rotated file that was never seen before",
                     {{"path", path_}, {"place", found.path}});
    add_found(found, 0);
    any = true;
  }
  return any;
}

/// A generation that lies beside the path.
void Follower::add_found(const FoundFile& found, std::uint64_t offset) {
  auto handle = FileHandle::open(found.path);
  if (!handle) return set_trouble(handle.error().message);
  const auto first = read_first_bytes(handle->fd());
  if (!first) return set_trouble(first.error().message);
  Cursor cursor;
  cursor.identity = {found.facts.key, Fingerprint::of(*first)};
  cursor.offset = offset;
  cursor.modified_ns = found.facts.modified_ns;
  cursor.place = found.path;
  add(std::move(cursor), std::move(*handle), true);
}

void Follower::add(Cursor cursor, FileHandle handle, bool rotated) {
  changed_ = true;
  cursor.path = path_;
  const FileKey key = cursor.identity.key;
  world_.book.erase(key);
  Generation& generation = generations_.emplace_back();
  generation.file = std::make_shared<LogFile>(world_.flow, world_.rules, world_.metrics(path_),
                                              std::move(cursor), std::move(handle));
  generation.file->set_streams(this, streams_);
  generation.file->rotated = rotated;
  generation.rotated = rotated;
  if (!rotated && world_.flow->open_files > world_.flow->open_limit) generation.file->close();
  generation.changed_at = world_.clock->steady();
  world_.live[key] = generation.file;
  world_.flow->moved = true;
}

/// The path leads elsewhere now: what is left of the file is still to be read.
void Follower::rotate(Generation& generation) {
  changed_ = true;
  LogFile& file = *generation.file;
  generation.rotated = true;
  generation.changed_at = world_.clock->steady();
  if (!leads(generation)) return;
  const Cursor cursor = file.cursor();
  file.rotated = true;
  if (!file.parked()) return;
  if (!file.is_open()) {
    const auto found = find_identity(folder_of(cursor.place), cursor.identity);
    const Status opened =
        found ? file.reopen(found->path) : Status(make_error(Code::kNotFound, "gone"));
    if (!opened)
      world_.log->warn("a file was rotated away and is not there any more",
                       {{"path", path_}, {"offset", cursor.offset}});
  }
  if (file.is_open() && generation.may_read) world_.queue->push(generation.file);
}

/// The file was cut or written anew in place: what is there now is another text.
void Follower::cut(Generation& generation) {
  changed_ = true;
  const Cursor old = generation.file->cursor();
  const std::uint64_t read = generation.file->offset();
  world_.log->info("file was cut, starting over", {{"path", path_}, {"offset", read}});
  let_go(generation);
  world_.book.erase(old.identity.key);
  generations_.pop_back();
  const auto copy = find_copy(old.place, old.identity, read);
  if (copy && !world_.followers.contains(copy->path) && !world_.live.contains(copy->facts.key))
    add_found(*copy, read);
  auto handle = FileHandle::open(path_);
  const auto facts = handle ? file_facts(handle->fd()) : Result<FileFacts>(handle.error());
  const auto first = handle ? read_first_bytes(handle->fd()) : Result<std::string>(handle.error());
  if (!facts || !first) return;  // the next poll will see
  Cursor cursor;
  cursor.identity = {facts->key, Fingerprint::of(*first)};
  cursor.modified_ns = facts->modified_ns;
  cursor.place = resolved(path_);
  add(std::move(cursor), std::move(*handle), false);
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
  const auto facts =
      file.is_open() ? file.facts() : Result<FileFacts>(make_error(Code::kNotFound, "gone"));
  const bool readable = facts && file.last_turn() != LogFile::Turn::kFailed &&
                        file.last_turn() != LogFile::Turn::kReplaced;
  const Duration now = world_.clock->steady();
  if (readable) {
    if (file.last_turn() == LogFile::Turn::kMore) return false;  // its first turn is still to come
    if (facts->size != generation.seen_size || file.has_abandoned()) {
      if (facts->size != generation.seen_size) generation.changed_at = now;
      generation.seen_size = facts->size;
      if (facts->size > file.offset() || file.has_abandoned()) {
        world_.queue->push(generation.file);
        return false;
      }
    }
    generation.drained = true;
    const bool quiet = now - generation.changed_at >= world_.linger ||
                       world_.clock->now().ns - facts->modified_ns >= world_.linger.count();
    if (!quiet) return false;
    if (!generation.finishing) {
      generation.finishing = true;
      file.finish_line();
      world_.queue->push(generation.file);
      return false;
    }
  }
  generation.drained = true;
  if (file.unsettled() != 0 && readable) return false;
  Cursor cursor = file.cursor();
  if (readable) cursor.state = Cursor::State::kFinished;
  if (auto place = file.current_path()) cursor.place = std::move(*place);
  if (facts) cursor.modified_ns = facts->modified_ns;
  const bool keep = facts && !facts->unlinked;
  let_go(generation);
  world_.book.erase(cursor.identity.key);
  if (keep) world_.book.put(std::move(cursor));
  world_.flow->moved = true;
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
