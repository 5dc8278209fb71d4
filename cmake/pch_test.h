// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cmake/pch.h"

#include <gtest/gtest.h>
