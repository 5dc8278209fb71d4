// SPDX-License-Identifier: Apache-2.0
// The names that rotation gives to what it puts aside, and the order they tell.

#pragma once

#include "base/codec/gzip.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// The folder of a path, "." if it names none.
std::string folder_of(const std::string& path);
/// What stands behind the folder.
std::string_view name_of(std::string_view path);
/// `path` with links resolved, or as it is if it leads nowhere.
std::string resolved(const std::string& path);

/// How a rotated file is packed, by the end of its name; nothing: its bytes are its lines.
std::optional<codec::Compression> packed_as(std::string_view name);
/// `name` without the end that packing gave it.
std::string_view unpacked_name(std::string_view name);

/// Whether `name` is what rotation makes of `base`: base.1, base-20261121, stem-20261121.log, 1.log
/// for 0.log, and each of these packed. What is packed as we cannot read it is not.
bool looks_rotated(std::string_view base, std::string_view name);

/// Whether the file of rotated name `a` was put aside before that of `b`, as far as their names
/// tell: of numbers the higher one, of dates the earlier one, of restarts the lower one.
std::optional<bool> rotated_before(std::string_view base, std::string_view a, std::string_view b);

}  // namespace weir::loki
