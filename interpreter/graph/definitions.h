// SPDX-License-Identifier: Apache-2.0
// Which custom components a place in the text can use: the declares and imports of its module and
// of those around it in the text.

#pragma once

#include "interpreter/syntax/ast.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::graph {

/// A declare block.
struct Declare {
  std::shared_ptr<const syntax::File> file;
  const syntax::Block* block = nullptr;
};

/// Those of one module. What an import brings is known once the import was evaluated.
struct Definitions {
  std::shared_ptr<const Definitions> outer;  ///< null at the root and in what was imported
  std::string module_path;
  bool remote = false;                                   ///< was fetched from an address
  std::map<std::string, Declare, std::less<>> declares;  ///< by label
  std::map<std::string, std::shared_ptr<const Definitions>, std::less<>>
      imports;  ///< by label; null: not known yet

  /// Whether these or any around them were fetched from an address.
  [[nodiscard]] bool is_remote() const {
    return remote || (outer != nullptr && outer->is_remote());
  }
};

/// What the name of a block leads to.
struct Definition {
  enum class Kind {
    kNone,     ///< no custom component
    kDeclare,  ///< `declare`, which stands in `home`
    kUnread,   ///< comes from an import that is not known yet
    kMissing,  ///< the import has no such declare
  };
  Kind kind = Kind::kNone;
  Declare declare;
  std::shared_ptr<const Definitions> home;
};

/// The first fragment of the name decides: a declare of that name, or an import.
Definition find_definition(const std::shared_ptr<const Definitions>& from,
                           const std::vector<std::string>& name);

}  // namespace weir::graph
