// SPDX-License-Identifier: Apache-2.0
// Go's templates: their language, and each family of their functions.

#include "components/loki/process/go_template.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class MapData final : public TemplateData {
 public:
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const override {
    if (name == "app") return "shop";
    if (name == "Value") return "Some  Value";
    if (name == "empty") return "";
    if (name == "with-dash") return "n";
    return std::nullopt;
  }
  void put_all(const GoValue::Dict& into) const override {
    for (const std::string_view name : {"app", "Value", "empty", "with-dash"})
      put(into, name, {*find(name)});
  }
};

std::string rendered(std::string_view text) {
  const auto made = GoTemplate::parse(text);
  if (!made) return "wrong: " + made.error().message;
  std::string out;
  const Status status = made->render(MapData(), out);
  return status ? out : "failed: " + status.error().message;
}

TEST(GoTemplate, Renders) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"plain }} text", "plain }} text"},
      {"{{ .app }}-{{.gone}}", "shop-<no value>"},
      {"a {{- \" b\" -}}  c", "a bc"},
      {"x {{/* a }} comment */}} y", "x  y"},
      {"{{ if .empty }}a{{ else if eq .app \"x\" \"shop\" }}b{{ else }}c{{ end }}", "b"},
      {"{{ with .app }}<{{ . }}{{ $.app }}>{{ end }}", "<shopshop>"},
      {"{{ $x := .app | ToUpper }}{{ $x }}{{ $x = `y` }}{{ $x }}", "SHOPy"},
      {"{{ range $i, $e := splitList \"o\" .app }}{{ $i }}={{ $e }};{{ end }}", "0=sh;1=p;"},
      {"{{ range splitList \"h\" .app }}{{ . }}{{ break }}{{ end }}", "s"},
      {"{{ range list }}a{{ else }}none{{ end }}", "none"},
      {"{{ Replace .Value \" \" \"_\" -1 | ToLower }}", "some__value"},
      {"{{ Replace .Value \" \" \"_\" 1 }}", "Some_ Value"},
      {"{{ Replace \"ab\" \"\" \"-\" -1 }}", "-a-b-"},
      {"{{ regexReplaceAll \"(S)o(m)\" .Value \"${2}$1\" }}", "mSe  Value"},
      {"{{ regexReplaceAllLiteral \"o\" .Value \"$1\" }}", "S$1me  Value"},
      {"{{ regexReplaceAll \"x*\" \"abc\" \"-\" }}", "-a-b-c-"},
      {"{{ Trim \"!!a!\" \"!\" }}{{ TrimPrefix .app \"sh\" }}{{ TrimSuffix .app \"op\" }}{{ "
       "TrimSpace \" b \" }}",
       "aopshb"},
      {"{{ and .app .empty }}|{{ or .empty .app }}|{{ not .empty }}", "|shop|true"},
      {"{{ lt 1 2 }}{{ ge \"b\" \"a\" }}{{ ne 1 2 }}{{ len .app }}", "truetruetrue4"},
      {"{{ printf \"%s-%d-%q-%v-%%\" .app 3 \"x\" true }}", "shop-3-\"x\"-true-%"},
      {"{{ print 1 2 \"a\" 1.5 }}{{ (len .app) }}", "1 2a1.54"},
      {"{{ default \"d\" .empty }}{{ ternary \"y\" \"n\" (eq .app \"shop\") }}{{ trunc 2 .app }}{{ "
       "trunc -2 .app }}",
       "dyshop"},
      {"{{ Sha2Hash \"a\" \"bc\" }}",
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"{{ 'a' }} {{ true }} {{ join \"-\" (list 1 \"b\") }}", "97 true 1-b"},
      {"{{ ToUpper .gone }}", "failed: ToUpper does not take these arguments"},
      {"{{ ToUpper }}", "failed: ToUpper does not take 0 arguments"},
      {"{{ ToUpper .app .app }}", "failed: ToUpper does not take 2 arguments"},
      {"{{ eq ToUpper .app }}", "failed: ToUpper does not take 0 arguments"},
      {"{{ .app .app }}", "failed: only a function takes arguments"},
      {"{{ toJson .app }}{{ toJson .gone }}{{ toJson (list 1 \"<\") }}{{ toRawJson \"<\" }}",
       "\"shop\"null[1,\"\\u003c\"]\"<\""},
      {"{{ nospace .Value }}{{ repeat 2 .app }}{{ substr 1 3 .app }}{{ substr -1 2 .app }}",
       "SomeValueshopshophosh"},
      {"{{ b64enc .app | b64dec }}{{ sha256sum \"abc\" | trunc 8 }}", "shopba7816bf"},
      {"{{ regexMatch \"^s.o\" .app }}{{ regexFind \"h.\" .app }}", "trueho"},
      {"{{ add 1 \"2\" 3 }} {{ sub 5 7 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 9 4 "
       "}} "
       "{{ min 3 2 }}",
       "6 -2 6 3 1 9 2"},
      {"{{ div 1 0 }}", "failed: div does not take these arguments"},
      {"{{ first (list 1 2) }}{{ last (list 1 2) }}{{ has \"a\" (list \"b\" \"a\") }}", "12true"},
      {"{{ squote .app 1 }} {{ cat .app .gone 1 }} {{ atoi \"12\" }}", "'shop' '1' shop 1 12"},
      {"{{ eq 1 \"a\" }}", "failed: eq does not take these arguments"},
      {"{{ regexReplaceAll \"(\" .app \"\" }}",
       "failed: regexReplaceAll does not take these arguments"},
      {"{{ .app.x }}", "failed: a string has no field \"x\""},
  };
  for (const auto& [text, result] : rows) EXPECT_EQ(rendered(text), result) << text;
}

TEST(GoTemplate, SaysWhatIsWrong) {
  for (const std::string_view text : {"{{",
                                      "{{ .a",
                                      "{{ }}",
                                      "{{ if }}x{{ end }}",
                                      "{{ if .a }}",
                                      "{{ end }}",
                                      "{{ else }}",
                                      "{{ nope .a }}",
                                      "{{ \"open }}",
                                      "{{ (.a }}",
                                      "{{ $x }}",
                                      "{{ .a | }}",
                                      "{{ define }}{{ end }}",
                                      "{{ break }}",
                                      "{{ /* open }}",
                                      "{{ 1x }}",
                                      "{{ 99999999999999999999 }}",
                                      "{{ 'ab' }}",
                                      "{{ $x = 1 }}",
                                      "{{ range .a }}{{ end }}{{ end }}"}) {
    EXPECT_FALSE(GoTemplate::parse(text)) << text;
  }
  EXPECT_EQ(GoTemplate::parse("a\n{{ nope }}").error().message,
            "line 2: there is no function \"nope\"");
  EXPECT_FALSE(GoTemplate::parse("{{ " + std::string(1000, '(')));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "{{ if .a }}";
  EXPECT_FALSE(GoTemplate::parse(deep));
}

using TemplateRows = std::vector<std::pair<std::string, std::string>>;

/// "failed" stands for any failure of the rendering.
void check(const TemplateRows& rows) {
  for (const auto& [text, result] : rows) {
    const std::string made = rendered(text);
    EXPECT_EQ(result == "failed" ? made.substr(0, 6) : made, result) << text;
  }
}

TEST(GoTemplate, UsesTheDataAsAWhole) {
  check({
      {"{{ . }}", "map[Value:Some  Value app:shop empty: with-dash:n]"},
      {"{{ $ }}", "map[Value:Some  Value app:shop empty: with-dash:n]"},
      {"{{ index . \"with-dash\" }}{{ index $ \"app\" }}{{ index . \"gone\" }}", "nshop<no value>"},
      {"{{ $k := \"with-dash\" }}{{ index . $k }}{{ (index . \"app\") | ToUpper }}", "nSHOP"},
      {"{{ \"app\" | index . }}{{ index . \"app\" 0 }}", "shop115"},
      {"{{ index . \"app\" \"x\" }}", "failed: a string has no field \"x\""},
      {"{{ len . }}", "4"},
      {"{{ range $k, $v := . }}{{ $k }}={{ $v }};{{ end }}",
       "Value=Some  Value;app=shop;empty=;with-dash=n;"},
      {"{{ range . }}<{{ . }}>{{ end }}", "<Some  Value><shop><><n>"},
      {"{{ $_ := set . \"new\" 1 }}{{ .new }}{{ $.app }}{{ hasKey . \"new\" }}", "1shoptrue"},
      {"{{ keys . | join \",\" }}", "Value,app,empty,with-dash"},
      {"{{ toJson (pick . \"app\" \"gone\") }}", "{\"app\":\"shop\"}"},
      {"{{ if . }}yes{{ end }}{{ with . }}{{ .app }}{{ end }}", "yesshop"},
      {"{{ .gone.deeper }}", "<no value>"},
  });
}

TEST(GoTemplate, Formats) {
  check({
      {"{{ printf \"%03d|%.2f|%5s|%-5s|%x|%g|%c|%T\" 7 3.14159 \"ab\" \"ab\" 255 1e6 65 \"\" }}",
       "007|3.14|   ab|ab   |ff|1e+06|A|string"},
      {"{{ printf \"%d\" \"5\" }} {{ printf \"%s\" }} {{ printf \"%q\" \"a\\tb\" }}",
       "%!d(string=5) %!s(MISSING) \"a\\tb\""},
      {"{{ printf \"%v %v\" (list 1 \"a\" nil) (dict \"b\" 1 \"a\" true) }}",
       "[1 a <nil>] map[a:true b:1]"},
      {"{{ printf \"%s\" .gone }} {{ print .gone }}", "%!s(<nil>) <nil>"},
      {"{{ 1000000.0 }} {{ 0.1 }} {{ 3.0 }} {{ println 1 \"a\" }}", "1e+06 0.1 3 1 a\n"},
      {"{{ html \"<a href='x'>&\" }}", "&lt;a href=&#39;x&#39;&gt;&amp;"},
      {"{{ js \"it's <b> = \\\"x\\\"\\n\" }}", "it\\'s \\u003Cb\\u003E \\u003D \\\"x\\\"\\u000A"},
      {"{{ urlquery \"a b&c\" \"/\" }}", "a+b%26c%2F"},
      {"{{ call .app }}", "failed"},
  });
}

TEST(GoTemplate, HasTheLanguage) {
  check({
      {"{{ 0x10 }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -3 }} {{ +4 }} {{ 1e3 }} {{ "
       "0x1p4 }}",
       "16 5 15 15 1000 -3 4 1000 16"},
      {"{{ '\\n' }} {{ '\\'' }} {{ '\\x41' }} {{ '\u00e9' }}", "10 39 65 233"},
      {"{{ define \"t\" }}<{{ . }}{{ $ }}>{{ end }}{{ template \"t\" .app }}{{ template \"t\" }}",
       "<shopshop><<no value><no value>>"},
      {"{{ block \"b\" 1 }}[{{ . }}]{{ end }}{{ template \"b\" 2 }}", "[1][2]"},
      {"{{ template \"nope\" }}", "failed: template \"nope\" is not defined"},
      {"{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}", "failed"},
      {"{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}", "01201"},
      {"{{ range .app }}{{ end }}", "failed: range can't iterate over a string"},
      {"{{ range .gone }}a{{ else }}b{{ end }}", "b"},
      {"{{ range $k, $v := dict \"b\" 2 \"a\" 1 }}{{ $k }}{{ $v }}{{ end }}", "a1b2"},
      {"{{ and false (fail \"x\") }}{{ or 1 (fail \"x\") }}", "false1"},
      {"{{ eq 1 1 \"a\" }}{{ eq .gone nil }}", "truetrue"},
      {"{{ slice (list 1 2 3) 1 }}{{ slice (list 1 2 3) 0 2 }}", "[2 3][1 2]"},
      {"{{ (dict \"a\" (dict \"b\" 5)).a.b }}{{ $d := dict \"x\" 1 }}{{ $d.x }}", "51"},
      {"{{ nil }}", "wrong: line 1: nil is not a command"},
      {"{{ bcrypt \"x\" }}", "wrong: line 1: the function \"bcrypt\" is not built"},
      {"{{ if true }}{{ define \"x\" }}{{ end }}{{ end }}",
       "wrong: line 1: {{define}} stands at the top alone"},
  });
}

TEST(GoTemplate, IsBounded) {
  check({
      {"{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}", "failed"},
      {"{{ until 100000000 }}", "failed"},
      {"{{ repeat 100000000 \"x\" }}", "failed"},
      {"{{ indent 100000000 \"x\" }}", "failed"},
      {"{{ $x := \"a\" }}{{ range until 100 }}{{ $x = print $x $x }}{{ end }}", "failed"},
      {"{{ $x := list }}{{ range until 1000 }}{{ $x = list $x }}{{ end }}", "failed"},
      {"{{ $x := list 1 }}{{ range until 100 }}{{ $x = list $x $x }}{{ end }}", "failed"},
      {"{{ $d := dict }}{{ $_ := set $d \"a\" $d }}", "failed"},
      {"{{ $d := dict }}{{ $_ := set $d \"a\" (list (dict \"b\" $d)) }}", "failed"},
      {"{{ $d := dict }}{{ range until 50000 }}{{ $n := dict }}{{ $_ := set $n \"n\" 1 }}{{ $_ := "
       "set $d \"n\" $n }}{{ $d = $n }}{{ end }}done",
       "done"},
      {"{{ randAlpha 100000000 }}", "failed"},
      {"{{ regexReplaceAll \"a\" (repeat 200000 \"a\") (repeat 200000 \"b\") }}", "failed"},
      {"{{ $d := dict }}{{ $w := dict \"a\" (list $d $d $d $d $d $d $d $d $d $d) }}{{ $_ := set $d "
       "\"k\" "
       "(repeat 8000000 \"x\") }}{{ $w.a }}{{ $w.a }}",
       "failed"},
      {"{{ printf \"%9999999d\" 1 }}", "%!(NOVERB)%!(EXTRA int=1)"},
  });
}

TEST(GoTemplate, HasNoEndlessChainOfElseIfs) {
  std::string text = "{{ if .a }}";
  for (int i = 0; i < 3000; ++i) text += "{{ else if .a }}";
  const auto made = GoTemplate::parse(text + "{{ end }}");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "line 1: more than 100 else ifs");
}

TEST(GoTemplate, FunctionsOfTexts) {
  check({
      {"{{ title \"hello wide-world\" }} {{ untitle \"Hello World\" }} {{ swapcase \"aB\" }}",
       "Hello Wide-World hello world Ab"},
      {"{{ snakecase \"FirstName\" }} {{ snakecase \"HTTPServer\" }} {{ kebabcase \"GO PATH\" }} "
       "{{ "
       "snakecase \"http2xx\" }} {{ snakecase \"Bld4Floor3rd\" }}",
       "first_name http_server go-path http_2xx bld4_floor_3rd"},
      {"{{ camelcase \"some_words\" }} {{ camelcase \"_complex__case_\" }} {{ camelcase "
       "\"http_server\" "
       "}}",
       "SomeWords _Complex_Case_ HttpServer"},
      {"{{ initials \"First Try\" }} {{ nospace \"a b \" }} {{ trunc 2 \"abc\" }}{{ trunc -2 "
       "\"abc\" "
       "}}",
       "FT ab abbc"},
      {"{{ abbrev 5 \"hello world\" }} {{ abbrevboth 5 10 \"1234 5678 9123\" }}",
       "he... ...5678..."},
      {"{{ wrap 5 \"one two three\" }}|{{ wrapWith 3 \"-\" \"abcdefgh\" }}|{{ wrap 2 \"abcdef gh\" "
       "}}",
       "one\ntwo\nthree|abc-def-gh|abcdef\ngh"},
      {"{{ indent 2 \"a\\nb\" }}{{ nindent 1 \"c\" }}", "  a\n  b\n c"},
      {"{{ quote \"a\\tb\" nil 1 }} {{ squote \"x\" }} {{ cat \"\" \"a\" nil 2 }}",
       "\"a\\tb\" \"1\" 'x'  a 2"},
      {"{{ plural \"one\" \"many\" 1 }}{{ plural \"one\" \"many\" 2 }}", "onemany"},
      {"{{ substr 0 9 \"abc\" }}{{ substr 1 -1 \"abc\" }}{{ contains \"b\" \"abc\" }}",
       "abcbctrue"},
      {"{{ substr 5 6 \"abc\" }}", "failed"},
      {"{{ trimall \"$\" \"$5$\" }}{{ trimAll \"-\" \"-a-\" }}{{ \"x\" | hasPrefix \"x\" }}",
       "5atrue"},
      {"{{ regexFindAll \"[0-9]\" \"a1b2c3\" 2 }} {{ regexSplit \"z+\" \"pizza\" -1 }} {{ "
       "regexQuoteMeta \"1.2\" }}",
       "[1 2] [pi a] 1\\.2"},
      {"{{ regexSplit \"z\" \"pizza\" 2 | len }}{{ regexMatch \"(\" \"a\" }}", "2false"},
      {"{{ mustRegexMatch \"(\" \"a\" }}", "failed"},
  });
}

TEST(GoTemplate, FunctionsOfNumbers) {
  check({
      {"{{ add1 2 }} {{ sub \"0x10\" 6 }} {{ int \"3.0\" }} {{ int \"3.7\" }} {{ int64 2.9 }} {{ "
       "atoi \"12x\" }}",
       "3 10 3 0 2 0"},
      {"{{ addf 0.1 0.2 }} {{ subf 1 0.9 }} {{ mulf 1.1 3 }} {{ divf 1 4 }} {{ add1f 1.5 }}",
       "0.3 0.1 3.3 0.25 2.5"},
      {"{{ floor 1.9 }} {{ ceil 1.1 }} {{ round 123.5555 3 }} {{ round 2.5 0 }} {{ round 1.24 1 "
       "0.5 "
       "}}",
       "1 2 123.556 3 1.2"},
      {"{{ maxf 1 2.5 }} {{ minf 1.5 2 }} {{ biggest 1 3 2 }} {{ float64 \"1.5\" }} {{ toDecimal "
       "\"17\" }}",
       "2.5 1.5 3 1.5 15"},
      {"{{ until 3 }}{{ untilStep 3 0 -2 }}{{ until -2 }}{{ untilStep 0 5 0 }}",
       "[0 1 2][3 1][0 -1][]"},
      {"{{ seq 3 }}|{{ seq 2 -1 }}|{{ seq 0 2 5 }}|{{ seq 5 1 2 }}", "1 2 3|2 1 0 -1|0 2 4|"},
      {"{{ div 1 0 }}", "failed"},
      {"{{ divf 1 0 }}", "failed"},
      {"{{ $r := randInt 3 5 }}{{ and (ge $r 3) (lt $r 5) }}", "true"},
  });
}

TEST(GoTemplate, FunctionsOfListsAndDicts) {
  check({
      {"{{ $l := list 1 2 3 }}{{ rest $l }}{{ initial $l }}{{ append $l 4 }}{{ prepend $l 0 }}{{ "
       "reverse $l }}",
       "[2 3][1 2][1 2 3 4][0 1 2 3][3 2 1]"},
      {"{{ concat (list 1) (tuple 2) }}{{ uniq (list 1 2 1) }}{{ without (list 1 2 3) 2 3 }}{{ "
       "compact (list 0 1 \"\") }}",
       "[1 2][1 2][1][1]"},
      {"{{ chunk 2 (list 1 2 3) }}{{ sortAlpha (list \"c\" \"a\") }}{{ toStrings (list 1 nil) }}",
       "[[1 2] [3]][a c][1]"},
      {"{{ first 1 }}", "failed"},
      {"{{ $p := split \".\" \"a.b\" }}{{ $p._0 }}{{ $p._1 }} {{ splitn \".\" 2 \"a.b.c\" }}",
       "ab map[_0:a _1:b.c]"},
      {"{{ $d := dict \"a\" 1 \"b\" }}{{ $d }}{{ get $d \"a\" }}{{ get $d \"x\" }}{{ unset $d "
       "\"a\" "
       "}}",
       "map[a:1 b:]1map[b:]"},
      {"{{ $d := dict \"a\" 1 \"b\" 2 }}{{ omit $d \"a\" }}{{ values $d }}{{ pluck \"a\" $d (dict "
       "\"a\" 9) }}",
       "map[b:2][1 2][1 9]"},
      {"{{ merge (dict \"a\" 1 \"c\" (dict \"x\" 1)) (dict \"a\" 2 \"b\" 3 \"c\" (dict \"y\" 2)) "
       "}}",
       "map[a:1 b:3 c:map[x:1 y:2]]"},
      {"{{ mergeOverwrite (dict \"a\" 1) (dict \"a\" 2) }}{{ dig \"a\" \"b\" \"no\" (dict \"a\" "
       "(dict \"b\" 1)) }}{{ dig \"x\" \"no\" (dict) }}",
       "map[a:2]1no"},
      {"{{ $a := dict \"x\" 1 }}{{ $b := deepCopy $a }}{{ $_ := set $b \"x\" 2 }}{{ $a }}{{ $b }}",
       "map[x:1]map[x:2]"},
      {"{{ (fromJson \"{\\\"a\\\":[1,2.5]}\").a }}{{ fromJson \"{\" }}{{ toPrettyJson (list 1) }}",
       "[1 2.5]<no value>[\n  1\n]"},
      {"{{ mustFromJson \"{\" }}", "failed"},
      {"{{ toJson (dict \"b\" \"<\" \"a\" nil) }}", "{\"a\":null,\"b\":\"\\u003c\"}"},
  });
}

TEST(GoTemplate, FunctionsOfKinds) {
  check({
      {"{{ default \"d\" }}{{ default \"d\" 0 }}{{ default \"d\" 1 }}{{ coalesce 0 \"\" 3 }}{{ "
       "coalesce 0 }}",
       "dd13<no value>"},
      {"{{ all 1 \"a\" }}{{ all 1 0 }}{{ any 0 1 }}{{ any }}{{ empty (dict) }}",
       "truefalsetruefalsetrue"},
      {"{{ kindOf \"a\" }} {{ kindOf (list) }} {{ kindOf (dict) }} {{ kindOf nil }} {{ typeOf 1.5 "
       "}} "
       "{{ typeOf nil }} {{ kindIs \"int\" 1 }} {{ typeIs \"string\" \"\" }}",
       "string slice map invalid float64 <nil> true true"},
      {"{{ deepEqual (list 1 (dict \"a\" 2)) (list 1 (dict \"a\" 2)) }}{{ deepEqual 1 1.0 }}",
       "truefalse"},
      {"{{ fail \"no\" }}", "failed"},
  });
}

TEST(GoTemplate, FunctionsOfCodes) {
  check({
      {"{{ sha1sum \"abc\" }} {{ sha512sum \"abc\" | trunc 8 }} {{ adler32sum \"Wikipedia\" }}",
       "a9993e364706816aba3e25717850c26c9cd0d89d ddaf35a1 300286872"},
      {"{{ b32enc \"foobar\" }} {{ b32dec \"MZXW6YTBOI======\" }} {{ b32enc \"f\" | b32dec }}",
       "MZXW6YTBOI====== foobar f"},
      {"{{ b64dec \"a*\" }}|{{ b32dec \"1\" }}",
       "illegal base64 data at input byte 1|illegal base32 data at input byte 0"},
      {"{{ len (randAlphaNum 5) }}{{ len (randNumeric 3) }}{{ len uuidv4 }}{{ len (randAscii 2) }}",
       "53362"},
      {"{{ regexMatch \"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$\" "
       "uuidv4 }}",
       "true"},
      {"{{ env \"WEIR_NO_SUCH_NAME\" }}|{{ expandenv \"a${WEIR_NO_SUCH_NAME}b$WEIR_NO_SUCH_NAME "
       "$\" "
       "}}|{{ hello }}",
       "|ab $|Hello!"},
  });
}

TEST(GoTemplate, FunctionsOfDates) {
  check({
      {"{{ dateInZone \"2006-01-02 15:04:05 Mon Jan _2 PM MST\" 0 \"UTC\" }}",
       "1970-01-01 00:00:00 Thu Jan  1 AM UTC"},
      {"{{ dateInZone \"15:04 -0700 Z07:00 .000\" 1753000000 \"Europe/Zurich\" }}",
       "10:26 +0200 +02:00 .000"},
      {"{{ toDate \"2006-01-02T15:04:05Z07:00\" \"2026-11-20T08:00:00Z\" | unixEpoch }}",
       "1795161600"},
      {"{{ toDate \"2006-01-02Z07:00\" \"2026-11-20Z\" }} {{ toDate \"2006\" \"x\" }}",
       "2026-11-20 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC"},
      {"{{ mustToDate \"2006\" \"x\" }}", "failed"},
      {"{{ toDate \"2006-01-02Z07:00\" \"2026-11-20Z\" | dateModify \"-1.5h\" | unixEpoch }}",
       "1795127400"},
      {"{{ duration 3725 }} {{ duration \"90\" }} {{ durationRound \"2h10m5s\" }} {{ durationRound "
       "\"2400h\" }}",
       "1h2m5s 1m30s 2h 3mo"},
      {"{{ ago now }} {{ kindOf now }} {{ typeOf now }} {{ htmlDateInZone 86400 \"UTC\" }}",
       "0s struct time.Time 1970-01-02"},
  });
}

TEST(GoTemplate, FunctionsOfPaths) {
  check({
      {"{{ base \"/a/b.txt\" }} {{ dir \"/a/b.txt\" }} {{ ext \"/a/b.txt\" }} {{ clean "
       "\"/a/../b//c\" "
       "}} {{ isAbs \"/a\" }} {{ base \"\" }} {{ dir \"a\" }} {{ clean \"../x/..\" }}",
       "b.txt /a .txt /b/c true . . .."},
      {"{{ $u := urlParse \"HTTP://u:p@host:80/a%20b?q=1#f\" }}{{ $u.scheme }} {{ $u.userinfo }} "
       "{{ "
       "$u.host }} {{ $u.hostname }} {{ $u.path }} {{ $u.query }} {{ $u.fragment }}",
       "http u:p host:80 host /a b q=1 f"},
      {"{{ urlParse \"http://u:p@host:80/a%20b?q=1#f\" | urlJoin }} {{ urlJoin (dict \"path\" 1) "
       "}}",
       "failed"},
      {"{{ urlParse \"http://u:p@host:80/a%20b?q=1#f\" | urlJoin }}",
       "http://u:p@host:80/a%20b?q=1#f"},
      {"{{ (semver \"v1.2.3-rc.1+x\").Prerelease }} {{ (semver \"1.2\").Patch }}", "rc.1 0"},
      {"{{ semverCompare \">=1.2, <2\" \"1.9.0\" }} {{ semverCompare \"^1.2\" \"2.0.0\" }} {{ "
       "semverCompare \"~1.2.3\" \"1.2.9\" }} {{ semverCompare \"1.x || 3\" \"3.1.4\" }} {{ "
       "semverCompare \"1.2 - 1.4\" \"1.4.7\" }} {{ semverCompare \"> 1.2.3\" \"1.3.0-rc1\" }}",
       "true false true true true false"},
      {"{{ semver \"x\" }}", "failed"},
  });
}

}  // namespace
}  // namespace weir::loki
