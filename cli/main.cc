// SPDX-License-Identifier: Apache-2.0
// The program.

int main() { return 2; }
