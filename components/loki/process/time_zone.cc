// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/time_zone.h"

#include "base/units.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::size_t kMaxFile = 1u << 20;

/// One way to be: so far from UTC, called so.
struct ZoneKind {
  std::int64_t offset = 0;
  std::string name;
};

/// Reads big-endian numbers off the front of a file; past the end it reads zeros and says so.
class ZoneReader {
 public:
  explicit ZoneReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number(std::size_t size) {
    std::uint64_t out = 0;
    for (const char byte : text(size)) out = out << 8 | static_cast<unsigned char>(byte);
    return out;
  }
  std::int64_t number64() { return static_cast<std::int64_t>(number(8)); }
  std::int64_t number32() { return static_cast<std::int32_t>(number(4)); }
  std::string_view text(std::size_t size) {
    if (size > bytes_.size()) {
      good_ = false;
      size = bytes_.size();
    }
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  [[nodiscard]] std::string_view rest() const { return bytes_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

/// "M3.2.0/2", "J60", "59": a moment of every year.
struct YearlyMoment {
  enum class Kind { kMonthWeekDay, kJulian, kDayOfYear } kind = Kind::kDayOfYear;
  int month = 0, week = 0, day = 0;
  std::int64_t time = 2 * 3600;

  /// Seconds since the epoch, by the clock on the wall.
  [[nodiscard]] std::int64_t in(std::int64_t year) const {
    const bool leap = days_in_month(year, 2) == 29;
    std::int64_t days = days_from_civil(year, 1, 1);
    if (kind == Kind::kDayOfYear) days += day;
    if (kind == Kind::kJulian) days += day - 1 + (leap && day >= 60 ? 1 : 0);
    if (kind == Kind::kMonthWeekDay) {
      days = days_from_civil(year, static_cast<unsigned>(month), 1);
      const std::int64_t weekday = ((days + 4) % 7 + 7) % 7;  // the epoch was a Thursday
      std::int64_t first = (day - weekday + 7) % 7 + (week - 1) * 7;
      while (first >= days_in_month(year, static_cast<unsigned>(month))) first -= 7;
      days += first;
    }
    return days * kDay + time;
  }
};

/// The rule behind the list: "EST5EDT,M3.2.0,M11.1.0".
struct ZoneRule {
  ZoneKind standard;
  std::optional<ZoneKind> summer;
  YearlyMoment begin, end;

  [[nodiscard]] const ZoneKind& at(std::int64_t utc) const {
    if (!summer) return standard;
    const std::int64_t local = utc + standard.offset;
    const std::int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
    const std::int64_t year = civil_from_days(days).year;
    const std::int64_t from = begin.in(year)-standard.offset;
    const std::int64_t to = end.in(year)-summer->offset;
    const bool is_summer = from < to ? utc >= from && utc < to : utc >= from || utc < to;
    return is_summer ? *summer : standard;
  }
};

/// Parses the rule's text; every step answers whether it was there.
class RuleParser {
 public:
  explicit RuleParser(std::string_view text) : text_(text) {}

  std::optional<ZoneRule> parse() {
    ZoneRule rule;
    if (!name(rule.standard.name) || !offset(rule.standard.offset)) return std::nullopt;
    if (text_.empty()) return rule;
    ZoneKind summer;
    if (!name(summer.name)) return std::nullopt;
    summer.offset = rule.standard.offset + 3600;
    if (!text_.starts_with(',') && !offset(summer.offset)) return std::nullopt;
    rule.summer = std::move(summer);
    if (!moment(rule.begin) || !moment(rule.end) || !text_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool name(std::string& out) {
    const bool quoted = take('<');
    std::size_t size = 0;
    const auto part_of_name = [&](char c) {
      return quoted ? c != '>' : (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    while (size < text_.size() && part_of_name(text_[size])) ++size;
    out = text_.substr(0, size);
    text_.remove_prefix(size);
    return size >= 3 && (!quoted || take('>'));
  }
  bool number(int& out, int max) {
    std::size_t size = 0;
    out = 0;
    while (size < text_.size() && text_[size] >= '0' && text_[size] <= '9' && out <= max) {
      out = out * 10 + (text_[size++] - '0');
    }
    text_.remove_prefix(size);
    return size > 0 && out <= max;
  }
  /// [+-]hh[:mm[:ss]]
  bool clock(std::int64_t& out) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!number(hours, 167)) return false;
    if (take(':') && (!number(minutes, 59) || (take(':') && !number(seconds, 59)))) return false;
    out = hours * 3600 + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }
  bool offset(std::int64_t& out) {
    if (!clock(out)) return false;
    out = -out;  // the rule counts west of Greenwich
    return true;
  }
  bool moment(YearlyMoment& out) {
    if (!take(',')) return false;
    bool good = true;
    if (take('M')) {
      out.kind = YearlyMoment::Kind::kMonthWeekDay;
      good = number(out.month, 12) && out.month > 0 && take('.') && number(out.week, 5) &&
             out.week > 0 && take('.') && number(out.day, 6);
    } else if (take('J')) {
      out.kind = YearlyMoment::Kind::kJulian;
      good = number(out.day, 365) && out.day > 0;
    } else {
      good = number(out.day, 365);
    }
    return good && (!take('/') || clock(out.time));
  }

  std::string_view text_;
};

/// Its contents; empty if there is no such file.
std::string read_zone_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string contents(kMaxFile + 1, '\0');
  file.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  contents.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return contents;
}

}  // namespace

struct TimeZone::Data {
  std::vector<std::pair<std::int64_t, std::size_t>> changes;  ///< from this instant: that kind
  std::vector<ZoneKind> kinds;
  std::optional<ZoneRule> rule;

  [[nodiscard]] const ZoneKind& at(std::int64_t utc) const {
    const auto later =
        std::upper_bound(changes.begin(), changes.end(), utc,
                         [](std::int64_t t, const auto& change) { return t < change.first; });
    if (later == changes.end() && rule) return rule->at(utc);
    if (later == changes.begin()) return kinds.front();
    return kinds[std::prev(later)->second];
  }
};

Result<TimeZone> TimeZone::parse(std::string_view file) {
  const Error broken = invalid("not a time zone file");
  if (file.size() > kMaxFile || file.size() < 44 || !file.starts_with("TZif")) return broken;
  const bool has_second = file[4] >= '2';
  ZoneReader read(file);
  struct Counts {
    std::size_t is_utc, is_standard, leaps, times, types, letters;
  };
  const auto header = [&] {
    read.text(20);
    Counts c{};
    for (std::size_t* n : {&c.is_utc, &c.is_standard, &c.leaps, &c.times, &c.types, &c.letters}) {
      *n = read.number(4);
      if (*n > kMaxFile) *n = kMaxFile;  // more than any file has: reading will find the end
    }
    return c;
  };
  Counts counts = header();
  std::size_t time_size = 4;
  if (has_second) {  // the same again with 64-bit times
    read.text(counts.times * 5 + counts.types * 6 + counts.letters + counts.leaps * 8 +
              counts.is_standard + counts.is_utc);
    counts = header();
    time_size = 8;
  }
  auto data = std::make_shared<Data>();
  for (std::size_t i = 0; i < counts.times && read.good(); ++i) {
    data->changes.emplace_back(time_size == 8 ? read.number64() : read.number32(), 0);
  }
  for (auto& [time, kind] : data->changes) kind = read.number(1);
  std::vector<std::size_t> names;
  for (std::size_t i = 0; i < counts.types && read.good(); ++i) {
    data->kinds.push_back({read.number32(), {}});
    read.number(1);
    names.push_back(read.number(1));
  }
  const std::string_view letters = read.text(counts.letters);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] >= letters.size()) return broken;
    data->kinds[i].name = letters.substr(names[i], letters.find('\0', names[i]) - names[i]);
  }
  read.text(counts.leaps * (time_size + 4) + counts.is_standard + counts.is_utc);
  const bool kinds_known =
      std::all_of(data->changes.begin(), data->changes.end(),
                  [&](const auto& change) { return change.second < data->kinds.size(); });
  if (!read.good() || data->kinds.empty() || !kinds_known) return broken;
  if (has_second && read.rest().starts_with('\n')) {
    const std::string_view rest = read.rest().substr(1);
    data->rule = RuleParser(rest.substr(0, rest.find('\n'))).parse();
  }
  TimeZone zone;
  zone.data_ = std::move(data);
  return zone;
}

Result<TimeZone> TimeZone::load(std::string_view name) {
  if (name.empty() || name == "UTC") return TimeZone();
  if (name == "Local") return local();
  const bool wanders = name.front() == '/' || name.find("..") != std::string_view::npos ||
                       name.find('\\') != std::string_view::npos ||
                       name.find('\0') != std::string_view::npos;
  if (wanders || name.size() > 255)
    return invalid("\"{}\" cannot name a time zone", name.substr(0, 64));
  const std::string contents = read_zone_file("/usr/share/zoneinfo/" + std::string(name));
  if (contents.empty())
    return make_error(Code::kNotFound, "no time zone \"{}\" in /usr/share/zoneinfo", name);
  return parse(contents);
}

TimeZone TimeZone::local() {
  const char* given = std::getenv("TZ");
  std::string name = given == nullptr ? "/etc/localtime" : given;
  if (name.starts_with(':')) name.erase(0, 1);
  Result<TimeZone> zone = TimeZone();
  if (name.starts_with('/')) {
    zone = parse(read_zone_file(name));
  } else if (name != "Local") {
    zone = load(name);
  }
  return zone ? *zone : TimeZone();
}

std::int64_t TimeZone::offset_at(std::int64_t utc) const {
  return data_ ? data_->at(utc).offset : 0;
}

std::string_view TimeZone::abbreviation_at(std::int64_t utc) const {
  return data_ ? std::string_view(data_->at(utc).name) : "UTC";
}

std::int64_t TimeZone::to_utc(std::int64_t local) const {
  if (!data_) return local;
  // The offset at the instant that `local` would be in UTC is a guess; if it leads over a change of
  // offset, the offset there is the right one.
  const std::int64_t guess = local - offset_at(local);
  if (offset_at(guess) == local - guess) return guess;
  return local - offset_at(guess);
}

std::optional<std::int64_t> TimeZone::offset_of(std::string_view abbreviation,
                                                std::int64_t local) const {
  if (!data_) return abbreviation == "UTC" ? std::optional<std::int64_t>(0) : std::nullopt;
  std::optional<std::int64_t> any;
  const auto consider = [&](const ZoneKind& kind) {
    if (kind.name != abbreviation) return false;
    if (!any) any = kind.offset;
    return data_->at(local - kind.offset).name == abbreviation;
  };
  for (const ZoneKind& kind : data_->kinds) {
    if (consider(kind)) return kind.offset;
  }
  return any;
}

}  // namespace weir::loki
