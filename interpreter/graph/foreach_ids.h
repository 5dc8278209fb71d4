// SPDX-License-Identifier: Apache-2.0
// The ids of a loop's turns: by the item, not by its place, so that a turn lives on when items come
// and go before it. Source: spec 16 "Ids".

#pragma once

#include "interpreter/value/value.h"

#include <string>
#include <vector>

namespace weir::graph {

/// The value as Go's %#v writes it; what the reference's ids and test components are made of.
std::string go_syntax(const value::Value& value);

/// "foreach_VALUE_N" for each item: N tells items of the same VALUE apart. `field`: the member of
/// an object item that stands for it, "" for the whole item. `missing` gets the indexes of object
/// items that lack it.
std::vector<std::string> foreach_ids(const std::vector<value::Value>& items,
                                     const std::string& field, bool hash_strings,
                                     std::vector<std::size_t>& missing);

}  // namespace weir::graph
