// SPDX-License-Identifier: Apache-2.0
grammar Weir;
file : EOF ;
SPACE : [ \t\r\n]+ -> skip ;
