// SPDX-License-Identifier: Apache-2.0
// The blocks of the language itself: declare, argument, export, foreach, import.*. What they take,
// declared like a component's arguments, for the checker and the graph alike. Source: spec 16.

#pragma once

#include "interpreter/catalog/http_client_args.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/schema.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::catalog {

/// `argument "x" { }` of a module; read as argument.x.value.
struct ArgumentBlock {
  std::string name;
  bool optional = false;
  value::Value fallback;  ///< `default`
  std::string comment;
  static schema::Schema schema();
};

/// `export "x" { value = ... }` of a module.
struct ExportBlock {
  std::string name;
  value::Value value;
  static schema::Schema schema();
};

/// `foreach "x" { ... template { ... } }`. The template is a module's body: who evaluates the block
/// leaves the template's own body empty.
struct ForeachBlock {
  /// The body of a template is no arguments; only its presence is decoded.
  struct Template {
    static schema::Schema schema() { return {}; }
  };
  std::string name;
  std::vector<value::Value> collection;
  std::string var;
  std::string id;
  bool hash_string_id = false;
  bool enable_metrics = false;
  Template body;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct ImportFileBlock {
  std::string name;
  std::string filename;
  std::string detector = "fsnotify";
  Duration poll_frequency = std::chrono::minutes(1);
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct ImportStringBlock {
  std::string name;
  value::OptionalSecret content;
  static schema::Schema schema();
};

struct ImportHttpBlock {
  std::string name;
  std::string url;
  std::string method = "GET";
  std::map<std::string, std::string> headers;
  std::string body;
  Duration poll_frequency = std::chrono::minutes(1);
  Duration poll_timeout = std::chrono::seconds(10);
  HttpClientArgs client;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct GitBasicAuth {
  std::string username;
  value::Secret password;
  static schema::Schema schema();
};

struct GitSshKey {
  std::string username;
  value::Secret key;
  std::string key_file;
  value::Secret passphrase;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct ImportGitBlock {
  std::string name;
  std::string repository;
  std::string revision = "main";
  std::string path;
  Duration pull_frequency = std::chrono::seconds(60);
  std::optional<GitBasicAuth> basic_auth;
  std::optional<GitSshKey> ssh_key;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  /// Whether git would take the address for a folder of this machine.
  static bool is_path(std::string_view repository);
};

/// One of these blocks.
struct LanguageBlock {
  enum class Kind { kDeclare, kArgument, kExport, kForeach, kImport };
  Kind kind;
  std::string_view name;  ///< "import.file"
  std::string_view doc;
  schema::Stability stability;
  const schema::BlockOps& (*args)();  ///< null for declare, whose body is a module
};

/// All of them, sorted by name.
const std::vector<LanguageBlock>& language_blocks();
/// The one of this name, or null.
const LanguageBlock* find_language_block(std::string_view name);

}  // namespace weir::catalog
