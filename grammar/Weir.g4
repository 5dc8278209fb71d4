// SPDX-License-Identifier: Apache-2.0
// The configuration language: its tokens and its precedence, nowhere else written down.
//
// What a grammar cannot say is said by the token source (interpreter/syntax/antlr_parse.cc): spaces
// and comments never reach the parser, and the end of a line becomes a TERMINATOR after a token that
// can end a statement. Two TERMINATORs never follow each other.
//
// Every decision is taken on one token, but for the comma before a closing bracket (two), and only
// brackets recurse: chains of operators, of accesses and of statements are loops.
grammar Weir;

tokens { TERMINATOR }

file       : body EOF ;
standalone : expression TERMINATOR ;

body       : ( statement ( TERMINATOR statement? )* )? ;
statement  : name label? ( value | block ) ;
name       : IDENT ( '.' IDENT )* ;
label      : STRING ;
value      : '=' expression ;
block      : '{' body '}' ;

expression : operand ( infix operand )* ;

// From loose to tight: the order of the rules is the precedence. All group to the left but `power`.
infix      : either | both | comparison | sum | product | power ;
either     : '||' ;
both       : '&&' ;
comparison : '==' | '!=' | '<' | '<=' | '>' | '>=' ;
sum        : '+' | '-' ;
product    : '*' | '/' | '%' ;
power      : '^' ;

// A prefix binds tighter than any operator between operands: -2 ^ 2 is (-2) ^ 2.
operand    : ( '!' | '-' )*
             ( IDENT | STRING | NUMBER | FLOAT | BOOL | NIL | paren | array | object )
             ( access | index | call | misplaced )* ;
access     : '.' IDENT ;
index      : '[' expression ']' ;
call       : '(' list? ')' ;
// A block where a value is needed: read to its end, so that it can be reported as what it is.
misplaced  : STRING? block ;

paren      : '(' expression ')' ;
array      : '[' list? ']' ;
list       : expression ( ',' expression )* ','? ;
object     : '{' ( field ( ',' field )* ','? )? '}' ;
field      : ( IDENT | STRING ) '=' expression ;

OR : '||' ;
AND : '&&' ;
NOT : '!' ;
ASSIGN : '=' ;
EQUAL : '==' ;
NOT_EQUAL : '!=' ;
LESS : '<' ;
LESS_EQUAL : '<=' ;
GREATER : '>' ;
GREATER_EQUAL : '>=' ;
ADD : '+' ;
SUBTRACT : '-' ;
MULTIPLY : '*' ;
DIVIDE : '/' ;
MODULO : '%' ;
POWER : '^' ;
LEFT_BRACE : '{' ;
RIGHT_BRACE : '}' ;
LEFT_PAREN : '(' ;
RIGHT_PAREN : ')' ;
LEFT_BRACKET : '[' ;
RIGHT_BRACKET : ']' ;
COMMA : ',' ;
DOT : '.' ;

BOOL  : 'true' | 'false' ;
NIL   : 'null' ;
IDENT : LETTER ( LETTER | DIGIT )* ;

NUMBER : [0-9]+ ;
FLOAT  : [0-9]+ '.' [0-9]* EXPONENT? | '.' [0-9]+ EXPONENT? | [0-9]+ EXPONENT ;

// Which escapes are right is checked afterwards, so that each wrong one is reported in its place.
STRING : '"' ( '\\' ~[\n] | ~["\\\n] )* '"' | '`' ~[`]* '`' ;

SPACE         : [ \t\r\n]+ -> skip ;
LINE_COMMENT  : '//' ~[\n]* -> skip ;
BLOCK_COMMENT : '/*' ( ~[*] | '*'+ ~[*/] )* '*'+ '/' -> skip ;

// What begins a token and does not become one: named, so that the message can say what it is.
OPEN_FLOAT   : ( [0-9]+ '.'? [0-9]* | '.' [0-9]+ ) [eE] [+\-]? ;
OPEN_STRING  : '"' ( '\\' ~[\n] | ~["\\\n] )* '\\'? ;
OPEN_RAW     : '`' ~[`]* ;
OPEN_COMMENT : '/*' ( ~[*] | '*'+ ~[*/] )* '*'* ;
QUOTED       : '\'' ( '\\' ~[\n] | ~['\\\n] )* '\'' ;
OPEN_QUOTED  : '\'' ( '\\' ~[\n] | ~['\\\n] )* '\\'? ;
HALF_OR      : '|' ;
HALF_AND     : '&' ;
ILLEGAL      : . ;

fragment LETTER   : [_\p{L}] ;
fragment DIGIT    : [\p{Nd}] ;
fragment EXPONENT : [eE] [+\-]? [0-9]+ ;
