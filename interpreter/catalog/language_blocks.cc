// SPDX-License-Identifier: Apache-2.0
#include "interpreter/catalog/language_blocks.h"

#include "base/format.h"
#include "interpreter/syntax/parse.h"

#include <algorithm>

namespace weir::catalog {

using schema::attr;
using schema::block;
using schema::label;
using schema::Stability;
using text::DiagnosticCode;

schema::Schema ArgumentBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ArgumentBlock::name>("Name of the argument.").required(),
      attr<&ArgumentBlock::optional>("optional", "Whether who uses the module may leave it out."),
      attr<&ArgumentBlock::fallback>("default", "Value if it is left out."),
      attr<&ArgumentBlock::comment>("comment", "What it is for."),
  });
  return kTable;
}

schema::Schema ExportBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ExportBlock::name>("Name of the export.").required(),
      attr<&ExportBlock::value>("value", "What users of the module see under that name.")
          .required(),
  });
  return kTable;
}

schema::Schema ForeachBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ForeachBlock::name>("Name of the loop.").required(),
      attr<&ForeachBlock::collection>("collection", "The items; the template runs once for each.")
          .required(),
      attr<&ForeachBlock::var>("var", "Name by which the template sees its item.").required(),
      attr<&ForeachBlock::id>("id", "Field of an item that tells it from the others."),
      attr<&ForeachBlock::hash_string_id>("hash_string_id", "Whether ids made of text are hashed."),
      attr<&ForeachBlock::enable_metrics>("enable_metrics",
                                          "Whether the components inside show metrics."),
      block<&ForeachBlock::body>("template", "What runs for each item: the body of a module.")
          .required(),
  });
  return kTable;
}

void ForeachBlock::validate(schema::Problems& problems) const {
  if (!syntax::is_identifier(var)) {
    problems.add("var", format("\"{}\" is not an identifier", var),
                 "letters, digits and _, no digit first", DiagnosticCode::kBadValue);
  }
}

schema::Schema ImportFileBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ImportFileBlock::name>("Namespace of what is imported.").required(),
      attr<&ImportFileBlock::filename>("filename",
                                       "The file, or a folder whose *.alloy files are one module.")
          .required(),
      attr<&ImportFileBlock::detector>("detector", "How changes are noticed.")
          .one_of("fsnotify", "poll"),
      attr<&ImportFileBlock::poll_frequency>("poll_frequency", "How often changes are looked for."),
  });
  return kTable;
}

namespace {
void require_positive(schema::Problems& problems, std::string_view field, Duration duration) {
  if (duration <= Duration::zero())
    problems.add(field, format("{} must be longer than zero", field), {},
                 DiagnosticCode::kBadValue);
}
}  // namespace

void ImportFileBlock::validate(schema::Problems& problems) const {
  require_positive(problems, "poll_frequency", poll_frequency);
}

schema::Schema ImportStringBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ImportStringBlock::name>("Namespace of what is imported.").required(),
      attr<&ImportStringBlock::content>("content", "The module's text.").required(),
  });
  return kTable;
}

schema::Schema ImportHttpBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ImportHttpBlock::name>("Namespace of what is imported.").required(),
      attr<&ImportHttpBlock::url>("url", "Where the module is fetched.").required(),
      attr<&ImportHttpBlock::method>("method", "The request's method."),
      attr<&ImportHttpBlock::headers>("headers", "Headers of the request."),
      attr<&ImportHttpBlock::body>("body", "Body of the request."),
      attr<&ImportHttpBlock::poll_frequency>("poll_frequency", "How often it is fetched again."),
      attr<&ImportHttpBlock::poll_timeout>("poll_timeout", "How long one fetch may take."),
      block<&ImportHttpBlock::client>("client", "Settings of the HTTP client."),
  });
  return kTable;
}

void ImportHttpBlock::validate(schema::Problems& problems) const {
  require_positive(problems, "poll_frequency", poll_frequency);
  require_positive(problems, "poll_timeout", poll_timeout);
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    problems.add("url", format("\"{}\" is not an http address", url),
                 "it begins with http:// or https://", DiagnosticCode::kBadValue);
  }
}

schema::Schema GitBasicAuth::schema() {
  static constexpr auto kTable = schema::table({
      attr<&GitBasicAuth::username>("username", "Who asks.").required(),
      attr<&GitBasicAuth::password>("password", "The password, or a token.").required().secret(),
  });
  return kTable;
}

schema::Schema GitSshKey::schema() {
  static constexpr auto kTable = schema::table({
      attr<&GitSshKey::username>("username", "Who asks.").required(),
      attr<&GitSshKey::key>("key", "The private key.").secret(),
      attr<&GitSshKey::key_file>("key_file", "A file of it."),
      attr<&GitSshKey::passphrase>("passphrase", "What the key is locked with.").secret(),
  });
  return kTable;
}

void GitSshKey::validate(schema::Problems& problems) const {
  if (key.text.empty() == key_file.empty()) {
    problems.add("", "exactly one of key and key_file must be configured", {},
                 DiagnosticCode::kBadValue);
  }
}

schema::Schema ImportGitBlock::schema() {
  static constexpr auto kTable = schema::table({
      label<&ImportGitBlock::name>("Namespace of what is imported.").required(),
      attr<&ImportGitBlock::repository>("repository",
                                        "Address of the repository, of at most 1 GiB.")
          .required(),
      attr<&ImportGitBlock::revision>("revision", "Branch, tag or commit."),
      attr<&ImportGitBlock::path>(
          "path", "File inside the repository, of at most 10 MiB, or folder of such.")
          .required(),
      attr<&ImportGitBlock::pull_frequency>("pull_frequency",
                                            "How often it is pulled; zero pulls once."),
      block<&ImportGitBlock::basic_auth>("basic_auth", "Who asks, over http."),
      block<&ImportGitBlock::ssh_key>("ssh_key", "Who asks, over ssh."),
  });
  return kTable;
}

bool ImportGitBlock::is_path(std::string_view repository) {
  // `host:path` is an address, `./a:b` is not.
  return repository.find(':') >= repository.find('/');
}

namespace {
/// What is wrong with an address that names its scheme; empty: nothing.
std::string fault_of_address(std::string_view repository) {
  static constexpr std::string_view kSchemes[] = {"http",    "https", "ssh", "git", "git+ssh",
                                                  "ssh+git", "file",  "ftp", "ftps"};
  const std::size_t end = repository.find("://");
  if (end == std::string_view::npos) return {};
  const std::string_view scheme = repository.substr(0, end), rest = repository.substr(end + 3);
  if (std::find(std::begin(kSchemes), std::end(kSchemes), scheme) == std::end(kSchemes))
    return format("git knows no \"{}://\"", scheme);
  if (rest.empty() || (scheme != "file" && rest.front() == '/')) return "it names no host";
  return rest.find_first_of(" \t\n") == std::string_view::npos || scheme == "file"
             ? std::string()
             : "it holds white space";
}
}  // namespace

void ImportGitBlock::validate(schema::Problems& problems) const {
  static constexpr std::string_view kMoving[] = {"HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD",
                                                 "CHERRY_PICK_HEAD"};
  if (std::find(std::begin(kMoving), std::end(kMoving), revision) != std::end(kMoving)) {
    problems.add("revision", format("revision may not be \"{}\"", revision),
                 "name a branch, a tag or a commit", DiagnosticCode::kBadValue);
  }
  const auto looks_like_option = [&](std::string_view field, std::string_view text) {
    if (text.empty() || text.front() == '-') {
      problems.add(field, format("{} may not be \"{}\"", field, text), {},
                   DiagnosticCode::kBadValue);
    }
  };
  looks_like_option("repository", repository);
  looks_like_option("revision", revision);
  if (const std::string fault = fault_of_address(repository); !fault.empty()) {
    problems.add("repository", format("\"{}\" is not an address: {}", repository, fault),
                 "such as https://host/name.git or git@host:name.git", DiagnosticCode::kBadValue);
  }
  if (pull_frequency < Duration::zero())
    problems.add("pull_frequency", "pull_frequency may not be negative", {},
                 DiagnosticCode::kBadValue);
  if (path.starts_with('/') || format("/{}/", path).find("/../") != std::string::npos) {
    problems.add("path", format("\"{}\" leaves the repository", path),
                 "the path is below the repository's root", DiagnosticCode::kBadValue);
  }
}

const std::vector<LanguageBlock>& language_blocks() {
  using Kind = LanguageBlock::Kind;
  using schema::detail::block_ops;
  constexpr Stability kStable = Stability::kGenerallyAvailable;
  static const std::vector<LanguageBlock> kBlocks = {
      {Kind::kArgument, "argument",
       "Declares an argument of a module, read as `argument.LABEL.value`.", kStable,
       &block_ops<ArgumentBlock>},
      {Kind::kDeclare, "declare", "Makes a component of its own of a module.", kStable, nullptr},
      {Kind::kExport, "export",
       "Shows a value to users of the module, read as `COMPONENT.LABEL.NAME`.", kStable,
       &block_ops<ExportBlock>},
      {Kind::kForeach, "foreach", "Runs a group of components for each item of a list.",
       Stability::kExperimental, &block_ops<ForeachBlock>},
      {Kind::kImport, "import.file", "Imports modules from a file or folder.", kStable,
       &block_ops<ImportFileBlock>},
      {Kind::kImport, "import.git", "Imports modules from a git repository.", kStable,
       &block_ops<ImportGitBlock>},
      {Kind::kImport, "import.http", "Imports modules from an address.", kStable,
       &block_ops<ImportHttpBlock>},
      {Kind::kImport, "import.string", "Imports modules from a text.", kStable,
       &block_ops<ImportStringBlock>},
  };
  return kBlocks;
}

const LanguageBlock* find_language_block(std::string_view name) {
  for (const LanguageBlock& row : language_blocks()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace weir::catalog
