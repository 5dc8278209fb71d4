// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/import_source.h"

#include "base/net/http_client.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/text/encoding.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace weir::graph {

namespace fs = std::filesystem;

namespace {

/// How often files are looked at where the system does not tell of changes.
constexpr Duration kFileLook = std::chrono::milliseconds(500);

class StringSource final : public ImportSource {
 public:
  StringSource(std::string name, std::string text, std::string module_path) {
    offer({{{std::move(name), std::move(text)}}, std::move(module_path), {}, {}});
  }
};

class FileSource final : public ImportSource {
 public:
  FileSource(const catalog::ImportFileBlock& block, const Environment& environment)
      : path_(block.filename),
        events_(block.detector == "poll" ? nullptr : environment.file_events),
        period_(block.detector == "poll" || events_ != nullptr ? block.poll_frequency : kFileLook),
        strand_(environment.pool.strand()) {
    read();
  }

 private:
  void begin() override {
    const auto look = [weak = weak_from_this()] {
      if (const auto self = std::static_pointer_cast<FileSource>(weak.lock())) self->read();
    };
    if (events_ != nullptr) {
      if (auto watch = events_->watch(path_, strand_, look)) watch_ = std::move(*watch);
      strand_.post(look);  // what changed since the first reading
    }
    timer_ = strand_.every(period_, look);  // events may be lost, and some filesystems have none
  }

  void read() {
    auto parts = read_module_files(path_);
    if (!parts) return offer({{}, {}, parts.error(), {}});
    std::error_code ignored;
    const bool folder = fs::is_directory(path_, ignored);
    offer({*std::move(parts), folder ? path_ : fs::path(path_).parent_path().string(), {}, {}});
  }

  const std::string path_;
  exec::FileEvents* const events_;
  const Duration period_;
  const exec::Strand strand_;
  exec::FileEvents::Watch watch_;
  exec::Timer timer_;
};

/// The address's folder, with its last slash.
std::string folder_of(const std::string& url) {
  const std::size_t end = std::min(url.find_first_of("?#"), url.size());
  const std::size_t slash = url.rfind('/', end);
  return url.substr(0, slash + 1);
}

class HttpSource final : public ImportSource {
 public:
  HttpSource(const catalog::ImportHttpBlock& block, const Environment& environment)
      : period_(block.poll_frequency),
        strand_(environment.pool.strand()),
        client_(block.client.config()) {
    request_.method = block.method;
    request_.url = block.url;
    for (const auto& header : block.headers) request_.headers.push_back(header);
    if (!block.body.empty()) request_.body = std::make_shared<const std::string>(block.body);
    request_.timeout = block.poll_timeout;
    request_.max_response_bytes = syntax::kMaxSourceBytes;
    take(client_.fetch(request_));
  }

 private:
  void begin() override {
    timer_ = strand_.every(period_, [weak = weak_from_this()] {
      if (const auto self = std::static_pointer_cast<HttpSource>(weak.lock())) self->fetch();
    });
  }

  void fetch() {
    call_ = client_.send(request_, strand_, [weak = weak_from_this()](auto answer) {
      if (const auto self = std::static_pointer_cast<HttpSource>(weak.lock()))
        self->take(std::move(answer));
    });
  }

  void take(Result<net::HttpResponse> answer) {
    if (!answer) return offer({{}, {}, answer.error(), {}});
    if (answer->status != 200) {
      return offer({{},
                    {},
                    make_error(Code::kUnavailable, "{} answered with status {}", request_.url,
                               answer->status),
                    {}});
    }
    offer({{{request_.url, text::decode_file(std::move(answer->body))}},
           folder_of(request_.url),
           {},
           {}});
  }

  const Duration period_;
  const exec::Strand strand_;
  net::HttpClient client_;
  net::HttpRequest request_;
  net::HttpCall call_;
  exec::Timer timer_;
};

Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return system_error(error.value(), path.string());
  if (size > syntax::kMaxSourceBytes)
    return invalid("{}: larger than {} MiB", path.string(), syntax::kMaxSourceBytes >> 20);
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad() || !file.is_open()) return system_error(errno, path.string());
  return text;
}

}  // namespace

void ImportSource::watch(std::function<void()> changed) {
  if (changed_) return;
  changed_ = std::move(changed);
  begin();
}

void ImportSource::offer(ImportContent content) {
  const auto before = content_.get();
  const auto message = [](const ImportContent& c) { return c.error ? c.error->message : ""; };
  if (before != nullptr && before->parts == content.parts && message(*before) == message(content))
    return;
  content_.set(std::make_shared<const ImportContent>(std::move(content)));
  if (changed_) changed_();
}

std::shared_ptr<ImportSource> make_string_source(std::string name, std::string text,
                                                 std::string module_path) {
  return std::make_shared<StringSource>(std::move(name), std::move(text), std::move(module_path));
}

std::shared_ptr<ImportSource> make_file_source(const catalog::ImportFileBlock& block,
                                               const Environment& environment) {
  return std::make_shared<FileSource>(block, environment);
}

std::shared_ptr<ImportSource> make_http_source(const catalog::ImportHttpBlock& block,
                                               const Environment& environment) {
  return std::make_shared<HttpSource>(block, environment);
}

Result<std::vector<ImportContent::Part>> read_module_files(const std::string& path) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      if (at->path().extension() == ".alloy") files.push_back(at->path());
      if (files.size() > kMaxImportedFiles)
        return invalid("{}: more than {} files", path, kMaxImportedFiles);
    }
    if (error) return system_error(error.value(), path);
    std::sort(files.begin(), files.end());
  } else {
    files.emplace_back(path);
  }
  std::vector<ImportContent::Part> out;
  for (const fs::path& file : files) {
    WEIR_TRY(std::string text, read_file(file));
    out.push_back({file.string(), text::decode_file(std::move(text))});
  }
  return out;
}

}  // namespace weir::graph
