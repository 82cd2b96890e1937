"""The conversations and snippets of chat.py."""


def message(role, content, **more):
    return {"role": role, "content": content, **more}


def call(name, arguments, id="call_1"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def tool(name, description, properties, required=()):
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


WEATHER = tool("weather", "The weather at a place.", {"place": {"type": "string"}, "days": {"type": "integer"}}, ["place"])
SEARCH = tool(
    "search",
    'Finds "things" <fast> & well; größer, 日本, 🙂',
    {"query": {"type": "string"}, "options": {"type": "object", "properties": {"limit": {"type": "number", "default": 1.5}}}},
)
NESTED = {
    "query": "naïve \"quotes\" \\ and\nlines",
    "options": {"limit": 10, "ratio": 0.1, "big": 1e20, "small": 1e-7, "deep": [{"a": [1, [2, []]]}, {}], "none": None},
    "flags": [True, False, None],
    "exact": True,
    "nothing": None,
    "count": 3,
    "share": 2.0,
    "empty": "",
}


def conversations():
    """Names and the variables of each."""
    hello = message("user", "Hello!")
    answered = [
        message("system", "You are terse."),
        message("user", "What is 2 + 2?"),
        message("assistant", "4", reasoning_content="Two and two.\nFour."),
        message("user", "And 3 + 3?"),
    ]
    asked = [
        message("user", "Weather in Zürich?"),
        message("assistant", "", tool_calls=[call("weather", {"place": "Zürich", "days": 2})]),
        message("tool", "rain", tool_call_id="call_1"),
    ]
    two_calls = [
        message("user", "Both, please."),
        message(
            "assistant",
            "I look it up.",
            reasoning_content="Two calls.",
            tool_calls=[call("weather", {"place": "Bern"}), call("search", NESTED, "call_2")],
        ),
        message("tool", "sun\n"),
        message("tool", '{"hits": []}'),
    ]
    calls_of_every_kind = [
        call("kinds", {"text": "a", "integer": 1, "float": 0.5, "yes": True, "no": False, "nothing": None}, "1"),
        call("kinds", {"list": [1, "b", None, [True]], "object": {"a": {}, "b": [0.25]}, "empty list": [], "empty object": {}}, "2"),
        call("kinds", {"empty": "", "blank": " \n", "lines": "\na\n\nb\n", "quoted": '"a" <b> \\n', "zero": 0}, "3"),
    ]
    pictures = [
        {"type": "text", "text": "This one "},
        {"type": "image"},
        {"type": "image_url", "image_url": {"url": "a.png"}},
        {"type": "video", "video": "b.mp4"},
        {"type": "text", "text": " or that?\n"},
    ]
    gen = {"add_generation_prompt": True}
    return [
        ("user only", {"messages": [hello], **gen}),
        ("user only, thinking on", {"messages": [hello], "enable_thinking": True, **gen}),
        ("user only, thinking off", {"messages": [hello], "enable_thinking": False, **gen}),
        ("no generation prompt", {"messages": [hello], "add_generation_prompt": False}),
        ("system", {"messages": [message("system", "You are terse."), hello], **gen}),
        ("empty system", {"messages": [message("system", ""), hello], **gen}),
        ("several turns, earlier reasoning", {"messages": answered, **gen}),
        ("last answer with reasoning", {"messages": answered[:3], "add_generation_prompt": False}),
        ("reasoning inside the content", {"messages": [
            hello,
            message("assistant", "<think>\n\nhm\n\n</think>\n\nHi <b>you</b>."),
            message("user", "More."),
            message("assistant", "<think>one</think>two</think>\n\nthree"),
        ], "add_generation_prompt": False}),
        ("unicode", {"messages": [message("user", "日本語 🙂 e\u0301 \u200b\u00a0 नमस्ते مرحبا"), message("assistant", "ok 👩‍👩‍👧"), hello], **gen}),
        ("white space around", {"messages": [message("system", "\n a \n"), message("user", " \t x \u00a0\u3000\r\n"), message("assistant", "\n\ny  "), message("user", "\u2028z\x1f")], **gen}),
        ("empty contents", {"messages": [message("user", ""), message("assistant", ""), message("user", "")], **gen}),
        ("no content of the assistant", {"messages": [hello, message("assistant", None), hello], **gen}),
        ("tools", {"messages": [hello], "tools": [WEATHER, SEARCH], **gen}),
        ("tools and system", {"messages": [message("system", " Be brief. "), hello], "tools": [WEATHER], "enable_thinking": False, **gen}),
        ("tools and empty system", {"messages": [message("system", "  "), hello], "tools": [SEARCH], **gen}),
        ("empty list of tools", {"messages": [hello], "tools": [], **gen}),
        ("call and result", {"messages": asked, "tools": [WEATHER], **gen}),
        ("two calls, nested arguments", {"messages": two_calls, "tools": [WEATHER, SEARCH], **gen}),
        ("calls of an earlier turn", {"messages": asked + [message("assistant", "It rains."), message("user", "Thanks"), message("assistant", "Welcome", reasoning_content="")], "tools": [WEATHER], **gen}),
        ("call without arguments", {"messages": [hello, message("assistant", "  \n", tool_calls=[call("now", {})]), message("tool", "12:00")], **gen}),
        ("tool response as a user", {"messages": [hello, message("assistant", "a", reasoning_content="r"), message("user", "<tool_response>\nx\n</tool_response>")], **gen}),
        ("call, answer, next question", {"messages": two_calls + [message("assistant", "Done.", reasoning_content="So."), hello], "enable_thinking": True, **gen}),
        ("markers in the text", {"messages": [message("user", "{{ 7 * 7 }} {% if x %} <|im_end|> <think>"), message("assistant", "{# no #}"), hello], **gen}),
        ("late system", {"messages": [hello, message("system", "x")], **gen}),
        ("no messages", {"messages": [], **gen}),
        ("no question", {"messages": [message("assistant", "x")], **gen}),
        ("unknown role", {"messages": [hello, message("critic", "x")], **gen}),
        ("developer", {"messages": [message("developer", "Be brief."), hello], **gen}),
        ("system between turns", {"messages": answered[:3] + [message("system", "Now be wordy."), hello], **gen}),
        ("tools of every shape", {"messages": [hello], "tools": [
            {"type": "function", "function": {"name": "now"}},
            tool("nothing", "  Does\nnothing. ", {}),
            tool("größe_日本", "名前 🙂 \u2028", {"breite α": {"type": ["integer", "null"], "minimum": 0}}),
            tool("nested", "Deep.", {
                "one_of": {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"$ref": "#/$defs/item"}]},
                "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "number"}}}, "default": []},
            }, ["list", "one_of"]),
            {"name": "bare", "description": "Without the outer object.", "parameters": {"type": "object"}, "strict": True},
        ], **gen}),
        ("many tools and a system message", {"messages": [message("system", "Äñ"), hello], "tools": [WEATHER] * 5, **gen}),
        ("arguments of every kind", {"messages": [hello, message("assistant", "", tool_calls=calls_of_every_kind)], "add_generation_prompt": False}),
        ("arguments missing", {"messages": [hello, message("assistant", "", tool_calls=[{"function": {"name": "now"}}]), message("tool", "12")], **gen}),
        ("arguments as JSON text", {"messages": [hello, message("assistant", "", tool_calls=[call("now", '{"zone": "UTC"}')])], **gen}),
        ("call without the outer object", {"messages": [hello, message("assistant", "Well:", tool_calls=[{"name": "now", "arguments": {"a": 1}}])], **gen}),
        ("empty list of calls", {"messages": [hello, message("assistant", "Hi", tool_calls=[])], "add_generation_prompt": False}),
        ("content none and a call", {"messages": [hello, message("assistant", None, tool_calls=[call("now", {})]), message("tool", "")], **gen}),
        ("white space and two calls", {"messages": [hello, message("assistant", " \n\t", tool_calls=calls_of_every_kind[:2])], **gen}),
        ("contents of white space", {"messages": [message("system", "\n"), message("user", " "), message("assistant", "\t\n"), message("user", "\u3000")], **gen}),
        ("parts of text", {"messages": [
            message("system", [{"type": "text", "text": " Be "}, {"text": "brief. "}]),
            message("user", [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo!"}]),
            message("assistant", [{"type": "text", "text": "<think>a</think>"}, {"type": "text", "text": "b"}]),
            message("user", []),
        ], **gen}),
        ("pictures", {"messages": [message("user", pictures), message("assistant", "Neither."), message("user", pictures[1:2])], **gen}),
        ("numbered pictures", {"messages": [message("user", pictures), message("assistant", "Neither."), message("user", pictures)], "add_vision_id": True, **gen}),
        ("picture in the system message", {"messages": [message("system", pictures), hello], **gen}),
        ("part of an unknown kind", {"messages": [message("user", [{"type": "audio"}])], **gen}),
        ("content that is an object", {"messages": [message("user", {"text": "x"})], **gen}),
        ("groups of results", {"messages": two_calls[:2] + [message("tool", "1"), message("tool", " 2 "), message("tool", ""), message("assistant", "More.", tool_calls=[call("now", {})], reasoning_content="Hm."), message("tool", "12"), message("assistant", "Done."), message("user", "Ok")], **gen}),
        ("results at the end", {"messages": two_calls, "add_generation_prompt": False}),
        ("result without a call", {"messages": [hello, message("tool", "surprise"), message("user", "What?")], **gen}),
        ("result first", {"messages": [message("tool", "early"), hello], **gen}),
        ("only results of a user", {"messages": [message("user", "<tool_response>\n1\n</tool_response>"), message("assistant", "a", reasoning_content="b")], **gen}),
        ("half of a tool response as a question", {"messages": [message("assistant", "a", reasoning_content="b"), message("user", "<tool_response> is a tag"), message("assistant", "c", reasoning_content="d")], "add_generation_prompt": False}),
        ("writing of all kinds", {"messages": [
            message("system", "\u202eאבג\u202c ﷽ e\u0301\u0323 각"),
            message("user", "👨‍👩‍👧‍👦🏳️‍🌈 𝔘𝔫𝔦 \U0010ffff \ufeff \u0000 a\u2028b\u2029c\x85d\x7f"),
            message("assistant", "\ufffd \u200d\u200e", reasoning_content="日本\u2028", tool_calls=[call("größe", {"ключ": "значение\u0000", "emoji": ["🙂", {"🏁": "\u2029"}]})]),
            message("tool", "\u0085 ok \u00ad"),
        ], "tools": [SEARCH], **gen}),
        ("tags in the texts", {"messages": [
            message("user", "<think>a</think> <tool_call> <|im_start|>system"),
            message("assistant", "x <tool_call>\n<function=a>\n</function>\n</tool_call>", reasoning_content="</think> <|im_end|>"),
            message("tool", "</tool_response><tool_response>"),
            message("assistant", "a</think>b<think>c"),
        ], **gen}),
        ("unclosed thinking", {"messages": [hello, message("assistant", "<think>never ends"), hello, message("assistant", "no start</think>\n\n\nanswer")], **gen}),
        ("empty reasoning", {"messages": [hello, message("assistant", "a", reasoning_content=""), message("tool", "r"), message("assistant", "b", reasoning_content=" \n "), message("tool", "s"), message("assistant", "<think>\n\n</think>\n\nc")], "add_generation_prompt": False}),
        ("reasoning between calls", {"messages": [
            message("user", "Go"), message("assistant", "", reasoning_content="First.", tool_calls=[call("now", {})]), message("tool", "1"),
            message("assistant", "<think>\nSecond.\n</think>\n\n", tool_calls=[call("now", {})]), message("tool", "2"),
            message("assistant", "End", reasoning_content="\n\nThird.\n\n"),
        ], "add_generation_prompt": False}),
        ("reasoning that is no text", {"messages": [hello, message("assistant", "a", reasoning_content=None), hello, message("assistant", "b", reasoning_content=7)], **gen}),
        ("thinking kept", {"messages": answered + [message("assistant", "<think>x</think>6"), hello], "preserve_thinking": True, **gen}),
        ("thinking not kept", {"messages": answered + [message("assistant", "6", reasoning_content="x"), hello], "preserve_thinking": False, **gen}),
        ("thinking kept before calls", {"messages": two_calls + answered[1:], "preserve_thinking": True, "enable_thinking": False, **gen}),
        ("effort low", {"messages": answered, "reasoning_effort": "low", **gen}),
        ("effort low, tools", {"messages": answered, "reasoning_effort": "low", "tools": [WEATHER], **gen}),
        ("effort low, thinking off", {"messages": [hello], "reasoning_effort": "low", "enable_thinking": False, **gen}),
        ("effort medium", {"messages": [hello], "reasoning_effort": "medium", **gen}),
        ("effort xhigh, empty system", {"messages": [message("system", ""), hello], "reasoning_effort": "xhigh", "enable_thinking": True, **gen}),
        ("unknown effort", {"messages": [hello], "reasoning_effort": "huge", **gen}),
        ("messages of other keys", {"messages": [message("user", "a", name="Ann", extra={"x": 1}), {"role": "assistant"}, hello], **gen}),
    ]


VARIABLES = {
    "t": True,
    "f": False,
    "none_": None,
    "zero": 0,
    "one": 1,
    "neg": -7,
    "half": 0.5,
    "s": "Hello, World",
    "e": "",
    "u": "héllo 日本 🙂!",
    "w": "  padded\n",
    "l": [3, 1, 2],
    "names": ["bob", "Alice", "carol", "alice"],
    "d": {"b": 1, "a": [1, 2.5, None, True], "items": "own", "key with space": "v"},
    "people": [
        {"name": "Ann", "age": 31, "tags": ["x"], "address": {"city": "Bern"}},
        {"name": "Bob", "age": 25, "tags": [], "address": {"city": "Basel"}},
        {"name": "Cy", "tags": ["x", "y"], "address": {}},
    ],
    "floats": [1.0, 0.1, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 1.5e300, -0.0, 3.14159, 100.0, 2.5e-10],
    "quotes": ["it's", 'say "x"', "both ' and \"", "back\\slash", "new\nline\ttab", "\x00\x7f\u00a0\u200b"],
    "html": "<a href='x'>&</a>",
    "big": 12345678901234567890123,
}


def expressions(*texts):
    return ["{{ " + text + " }}" for text in texts]


SNIPPETS = [
    # white space
    "a {{ 1 }} b", "a {{- 1 }} b", "a {{ 1 -}} b", "a {{- 1 -}} b", "  {% if t %}\n  x\n  {% endif %}\ny",
    "  {%- if t %}\n  x\n  {%- endif %}\ny", "x\n  {% if t -%}\n  y\n  {%- endif -%}\n  z", "{% if t %}\n\nx{% endif %}\n\n",
    "  {%+ if t %}x{% endif %}", "{% if t +%}\nx{% endif %}", "a\n   {# comment #}\nb", "a   {# comment #}   b", "a  {#- c -#}  b",
    "a\n  {#+ c +#}\nb", "x {% if t %} y {% endif %} z", "{{ 1 }}\n{{ 2 }}\n", "{{ 1 }}\n\n", "\n{{ 1 }}", "a\r\nb\rc\n",
    "\t{% if t %}\tx\t{% endif %}\t", "{% for x in l %}\n  {{ x }}\n{% endfor %}\n", "{% for x in l -%}\n  {{ x }}\n{%- endfor %}",
    "{% raw %}{{ x }} {% if %}{% endraw %}", "a\n  {% raw %}\n  {{ x }}\n  {% endraw %}\nb", "a {%- raw -%} {{ x }} {%- endraw -%} b",
    "  {{ 1 }}\n  {% set x = 1 %}\n  {{ x }}", "{% if t %}  {% endif %}  {% if t %}\n{% endif %}x", "{#--#}", "{#-#}", "{# #}\n\nx", "{% set x = 1 -%}  \n {{ x }}",
    "x\u00a0 {%- if t %}y{% endif %}", "a {{ '}}' }} {{ '%}' }} {% if '%}' %}b{% endif %}", "{{ {'a': {'b': 1}}.a.b }}", "{ { x } } {", "a{{ '' }}\n", "{%if t%}x{%endif%}{{1}}",
    "{% generation %}x{{ 1 }}\n{% endgeneration %}y", "{{-1}}", "{{ -1 }}", "{{- -1 -}}  x", "line\n{% if f %}\n{% endif %}\nend",
    # literals and escapes
    *expressions(r"'a\nb\tc'", r"'\\ \' \" \x41 \u00e9 \U0001F642 \101'", r'"it\'s"', r"'\q'", "'a' 'b' \"c\"", "'multi\nline'", "1_000", "1.5", "1e3", "1.5e-3", "0", "00", "true", "True", "none", "None", "false",
        "[1, 'a', none, true, 1.5]", "(1, 2)", "(1,)", "()", "1, 2", "{'a': 1, 'b': [1]}", "{}", "[]", "[1,]", "{'a': 1,}", "{1: 2, none: 3}", "quotes", "floats", "d", "'日本 🙂'", "['日本 🙂', '\\u200b']", "big", "[big]", "2.0", "1e100", "-0.0"),
    # arithmetic and precedence
    *expressions("1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "7 / 2", "6 / 2", "7 // 2", "-7 // 2", "7 % 3", "-7 % 3", "7 % -3", "-7.5 % 2", "7.5 // 2", "1 - -1", "+1", "1 + 2 ~ 3", "1 ~ 2 + 3", "'a' + 'b'", "'ab' * 3", "3 * 'ab'", "[1] * 2", "[1] + [2]", "(1,) + (2,)",
        "true + true", "2 ** -1", "2 ** 0.5", "1.5 + 1", "10 - 2 - 3", "'a' * -1", "-3|abs", "-(3)|abs", "1 + 2|string ~ 'x'", "not true == false", "not (1 == 1)", "1 < 2 < 3", "1 < 3 < 2", "3 > 2 >= 2", "1 == 1.0", "true == 1", "'1' == 1", "[1, 2] == [1, 2]", "[1] == (1,)", "{'a': 1} == {'a': 1.0}", "none == none", "none == false", "[1, 2] < [1, 3]", "[1] < [1, 0]", "'a' < 'b'", "'Z' < 'a'", "'\uffff' < '🙂'",
        "1 in l", "5 not in l", "'ell' in s", "'' in ''", "'b' in d", "'zz' in d", "not 1 in l", "1 in [true]", "none in [none]", "t and 'x'", "f and 'x'", "e or 'x'", "zero or none_ or 'x'", "not e", "1 if t", "1 if f", "1 if f else 2", "1 if f else 2 if f else 3", "(1 if t else 2) + 1", "'x' if e is defined and e else 'y'", "t and f or t", "t or f and f", "1 == 1 and 2 == 2", "1.0 // 0.3", "5 % 0.3", "9007199254740993 == 9007199254740992.0"),
    # access, slices, calls
    *expressions("s[0]", "s[-1]", "s[99] is defined", "u[6]", "u[-2]", "l[0]", "l[-1]", "l[5]", "d.b", "d['b']", "d.zz", "d['zz']", "d.items is string", "d['items']", "d['key with space']", "d.get('b')", "d.get('zz')", "d.get('zz', 5)", "d.keys()|list", "d.values()|list", "d.items()|list", "people[0].address.city", "people[2].address.city", "people.0.name",
        "s[1:3]", "s[:3]", "s[3:]", "s[::-1]", "s[::2]", "s[-3:]", "s[5:1]", "s[5:1:-1]", "s[:-1]", "u[::-1]", "l[::-1]", "l[1:]", "l[:99]", "l[-99:2]", "l[::-2]", "(1, 2, 3)[1:]", "l[true]", "[[1, 2], [3]][0][1]", "'abc'.upper()", "'abc'.upper().lower()[1]", "loop is defined", "s.length is defined", "s.foo is defined", "one.foo is defined", "dict(a=1, b=2)", "dict([('a', 1)])", "range(3)|list", "range(1, 4)|list", "range(5, 0, -2)|list", "range(0)|list", "l[0:2][0]", "d.a[1]", "{'a': 1}['a']", "('x')", "names[-1][0]"),
    # undefined
    *expressions("x", "x ~ 'a'", "x is defined", "x is undefined", "x|default('d')", "e|default('d')", "e|default('d', true)", "none_|default('d')", "none_|d('d', boolean=true)", "x|length", "x|list", "x|string", "x|upper", "x|trim", "x|int", "x == y", "x == none", "x in l", "1 in x", "[x]", "x or 'a'", "not x", "x is none", "x is string", "x is iterable", "x is mapping", "x|items|list", "x|join", "x|first is defined", "d.x|default(1)", "(d.x).y is defined", "x if x else 'n'"),
    # tests
    *["{{ [" + ", ".join(v + " is " + test for v in ("t", "zero", "half", "s", "e", "l", "d", "none_", "(1,)", "x", "big")) + "] }}"
      for test in ("string", "mapping", "iterable", "sequence", "number", "integer", "float", "boolean", "none", "defined", "true", "false", "callable")],
    *expressions("3 is odd", "4 is even", "3 is even", "9 is divisibleby 3", "9 is divisibleby(2)", "1 is eq 1", "1 is equalto(2)", "1 is ne 2", "2 is gt 1", "2 is lt 1", "2 is ge 2", "2 is le 1", "1 is in [1]", "'a' is in('abc')", "'abc' is lower", "'ABC' is upper", "'A1' is upper", "'12' is lower", "1 is not none", "x is not defined", "not x is defined", "none is sameas none", "range is callable", "1 is number and 2 is number", "1 is string or 'a' is string", "s is string == true", "'a' is string ~ 'b'", "1 + 1 is odd", "2 is greaterthan 1", "2 is lessthan 1", "1 is == 1"),
    # filters
    *expressions("w|trim", "'xxaxx'|trim('x')", "s|upper", "s|lower", "'hello wORLD'|capitalize", "'hello-wORLD (foo)\\nit\\'s'|title", "u|upper", "'straße'|upper", "s|length", "u|length", "l|length", "d|count", "l|first", "l|last", "[]|first", "s|first", "s|last", "l|join", "l|join(', ')", "people|join(', ', attribute='name')", "names|join('|')", "[1, none, true, 1.5]|join('-')",
        "s|replace('l', 'L')", "s|replace('l', 'L', 2)", "'aaa'|replace('', '-')", "s|reverse", "l|reverse|list", "l|sort", "l|sort(reverse=true)", "names|sort", "names|sort(case_sensitive=true)", "people|sort(attribute='name')|map(attribute='name')|list", "names|unique|list", "names|unique(case_sensitive=true)|list", "[1, 1.0, 2, true]|unique|list", "l|sum", "[0.5, 1]|sum", "[]|sum", "people|map(attribute='address.city')|map('string')|list", "people|map(attribute='age', default=0)|list", "l|min", "l|max", "names|min", "[]|max",
        "names|map('upper')|list", "l|map('string')|list", "names|map('replace', 'a', 'o')|list", "l|select('odd')|list", "l|select|list", "l|reject('odd')|list", "l|select('gt', 1)|list", "l|select('in', [1, 2])|list", "people|selectattr('age', 'defined')|map(attribute='name')|list", "people|selectattr('name', 'equalto', 'Bob')|list|length", "people|rejectattr('tags')|map(attribute='name')|join", "people|selectattr('tags')|map(attribute='name')|join", "[none, 0, 1]|reject('none')|list", "[0, 1, '', 'a']|reject|list",
        "d|dictsort", "{'b': 1, 'A': 2}|dictsort", "{'b': 1, 'A': 2}|dictsort(true)", "{'b': 1, 'a': 2}|dictsort(by='value')", "{'b': 1, 'a': 2}|dictsort(reverse=true)", "d|items|list|length", "'3'|int + 1", "'3.9'|int", "'x'|int", "'x'|int(7)", "3.9|int", "-3.9|int", "true|int", "' 42 '|int", "'1_000'|int", "none|int", "'1f'|int(5)", "'1.5'|float", "'x'|float", "2|float", "'1e3'|float", "'inf'|float", "'-1.5e-3'|float", "3.7|round", "2.5|round", "3.14159|round(2)", "2.675|round(2)", "2.1|round(method='ceil')", "2.9|round(0, 'floor')", "7|round", "-3|abs", "-1.5|abs",
        "'a\\nb\\n\\nc'|indent", "'a\\nb'|indent(2, true)", "'a\\n\\nb'|indent(2, blank=true)", "'a\\nb'|indent('> ')", "''|indent(first=true)", "'abc'|list", "d|list", "1|string ~ 2", "l|string", "html|safe", "html", "true|string", "none|string", "1.0|string", "s|upper|lower|length", "s.split(', ')|map('upper')|join('+')", "'b a'|title|replace('A', 'x')", "'a'|default('b')|upper", "'ǆ'|capitalize"),
    # JSON
    *expressions("d|tojson", "l|tojson", "s|tojson", "u|tojson", "u|tojson(ensure_ascii=true)", "html|tojson", "quotes|tojson", "quotes|tojson(true)", "floats|tojson", "none|tojson", "true|tojson", "1|tojson", "1.0|tojson", "big|tojson", "[]|tojson", "{}|tojson", "(1, 2)|tojson", "d|tojson(indent=2)", "[[], {}, [1]]|tojson(indent=2)", "people|tojson(indent=4)", "d|tojson(separators=(',', ':'))", "{'b': 1, 'a': 2}|tojson(sort_keys=true)", "{2: 2, none: 3, true: 4, 1.5: 5, 3.0: 6}|tojson", "'\\u2028\\u00a0/'|tojson", "d|tojson(indent=0)", "d|tojson(indent='\\t')", "d|tojson|length", "('inf'|float)|tojson", "[1e400, -1e400]|tojson"),
    # methods of strings
    *expressions("s.startswith('Hell')", "s.endswith('d')", "s.startswith(('x', 'H'))", "w.strip()", "w.lstrip()", "w.rstrip()", "'xxaxyx'.strip('xy')", "'abcba'.lstrip('ab')", "'abcba'.rstrip('ab')", "'a,b,c'.split(',')", "'a,b,c'.split(',', 1)", "'a  b c '.split()", "' a  b c '.split(none, 1)", "''.split()", "''.split(',')", "'aXXbXX'.split('XX')", "'a,b,c'.rsplit(',', 1)", "'a,b,c'.rsplit(',')", "'a\\nb\\r\\nc'.splitlines()", "s.upper()", "s.lower()", "\"it's a dog\".title()", "'hELLO'.capitalize()", "'aaa'.replace('a', 'b')", "'aaa'.replace('a', 'b', 2)", "'abcabc'.find('c')", "'abcabc'.rfind('c')", "u.find('🙂')", "u.find('!')", "s.find('zz')", "'banana'.count('a')", "'banana'.count('ana')", "'abc'.count('')", "','.join(['a', 'b'])", "'12'.isdigit()", "''.isdigit()", "'ab'.isalpha()", "'a1'.isalnum()", "' '.isspace()", "'prefix'.removeprefix('pre')", "'prefix'.removesuffix('fix')", "'</think>a</think>b'.split('</think>')[-1].lstrip('\\n')", "[1, 2, 1].count(1)", "[1, 2].index(2)", "'a.b'.split('.')|last"),
    # loops
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}",
    "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}", "{% for x in l %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}",
    "{% for x in [] %}a{% else %}b{% endfor %}", "{% for x in l %}a{% else %}b{% endfor %}", "{% for x in undefined_thing %}a{% else %}b{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }};{% endfor %}", "{% for k, v in d|items %}{{ loop.index }}{{ k }};{% endfor %}", "{% for c in u %}{{ c }}.{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}:{{ x }} {% endfor %}", "{% for x in l if x > 9 %}a{% else %}none{% endfor %}", "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "{% for (a, b) in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}", "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}", "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "{% for x in l %}{% break %}{% else %}e{% endfor %}",
    "{% for x in l %}{% for y in l %}{{ loop.index }}{% break %}{% endfor %}{{ loop.index }}{% endfor %}", "{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{% for x in range(3) %}{{ x }}{% endfor %}", "{% for x in l[::-1] %}{{ x }}{% endfor %}", "{% for x in l|sort %}{{ x }}{% endfor %}", "{% for x in l %}{% for y in [1] %}{{ loop.depth }}{% endfor %}{{ loop.depth0 }}{% endfor %}",
    "{% for x in l %}{% set outer = loop %}{% for y in l %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}", "{% for x in t and l %}{{ x }}{% endfor %}", "{% for x in l if x is odd and x > 1 %}{{ x }}{% endfor %}", "{% for x in [1, 2] + [3] %}{{ x }}{% endfor %}",
    # variables
    "{% set x = 1 %}{{ x }}", "{% set x = 1 %}{% for y in l %}{% set x = y %}{% endfor %}{{ x }}", "{% set x = 1 %}{% for y in l %}{{ x }}{% set x = y %}{{ x }}{% endfor %}", "{% for y in l %}{% if loop.first %}{% set q = y %}{% endif %}{{ q is defined }}{% endfor %}", "{% if t %}{% set x = 1 %}{% endif %}{{ x }}", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a = 1, 2 %}{{ a }}", "{% set x %}a{{ 1 }}\n b{% endset %}[{{ x }}]", "{% set x | upper | replace('A', 'z') %}abc{% endset %}{{ x }}", "{% set s = s ~ '!' %}{{ s }}",
    "{% set ns = namespace(a=1) %}{% for x in l %}{% set ns.a = ns.a + x %}{% endfor %}{{ ns.a }}", "{% set ns = namespace() %}{% set ns.b = 'x' %}{{ ns.b }}{{ ns.c is defined }}", "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}", "{% set ns = namespace(a=1) %}{{ ns }}", "{% for x in l %}{% endfor %}{{ x is defined }}", "{% set x = x|default(5) %}{{ x }}", "{% set ns = namespace(l=[]) %}{% for x in l %}{% set ns.l = ns.l + [x * 2] %}{% endfor %}{{ ns.l }}", "{% set x = [1, 2] if t else [] %}{{ x }}", "{% set x = t and l %}{{ x }}",
    # conditions
    "{% if e %}a{% elif l %}b{% else %}c{% endif %}", "{% if f %}a{% elif f %}b{% else %}c{% endif %}", "{% if f %}a{% endif %}", "{% if not f and (t or f) %}a{% endif %}", "{% if l|length > 2 %}a{% endif %}", "{% if 'a' in d and d.a is iterable %}x{% endif %}", "{% if 0.0 %}a{% else %}b{% endif %}", "{% if '0' %}a{% endif %}", "{% if {} %}a{% else %}b{% endif %}", "{% if none_ is none %}a{% endif %}", "{% if x is defined and x %}a{% else %}b{% endif %}", "{% if f %}{{ x.y.z }}{% endif %}ok", "{% if t %}{% if f %}a{% else %}b{% endif %}{% endif %}",
    # macros
    "{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=5, a=4) }} {{ m() }}", "{% macro m() %}\n x\n{% endmacro %}[{{ m() }}]", "{% macro m(x) -%} {{ x }} {%- endmacro %}[{{ m('a') }}]", "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(4) }}", "{% set g = 1 %}{% macro m() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ m() }}", "{% macro m(x) %}{% set y = x %}{{ y }}{% endmacro %}{{ m(1) }}{{ y is defined }}", "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m('a')|upper ~ m('b') }}", "{% macro m(x) %}{{ x is defined }}{% endmacro %}{{ m() }}{{ m(none) }}", "{% for x in l %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}", "{% macro m(x) %}{% for y in x %}{{ loop.index }}{% endfor %}{% endmacro %}{% for z in l %}{{ m(l) }}{{ loop.index }}{% endfor %}", "{% macro m() %}{% endmacro %}{{ m() == '' }}{{ m is callable }}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}x{% endmacro %}{{ a() }}", "{% set ns = namespace(n=0) %}{% macro m() %}{% set ns.n = ns.n + 1 %}{% endmacro %}{{ m() }}{{ m() }}{{ ns.n }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}x{{ s }}{% endcall %}{% call m() %}{% endcall %}", "{% macro m(l) %}{% for x in l %}{{ caller(x, loop.index) }}{% endfor %}{% endmacro %}{% call(a, b=7) m(l) %}<{{ a }}{{ b }}>{% endcall %}", "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}", "{% macro m(x) %}{{ caller(1) }}{% endmacro %}{% call(y, z=5) m(2) %}{{ y }}{{ z }}{% endcall %}", "{% macro m() %}{{ caller()|upper }}{% endmacro %}{% set q = 'b' %}{% call m() %}a{{ q }}{% set q = 'c' %}{{ q }}{% endcall %}{{ q }}", "{% macro m(caller=none) %}{{ caller() if caller else '-' }}{% endmacro %}{{ m() }}{% call m() %}x{% endcall %}",
    "{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}", "{% call m %}{% endcall %}", "{% call s.upper() %}{% endcall %}", "{% macro m() %}{{ caller(1) }}{% endmacro %}{% call m() %}{% endcall %}", "{% call nosuch() %}{% endcall %}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    # filter and with
    "{% filter upper %}a{{ s }}{% endfilter %}b", "{% filter trim | replace('a', 'b') | upper %}  xa {% endfilter %}", "{% filter indent(2) %}a\nb{% endfilter %}", "{% filter upper %}{% set y = 'q' %}{{ y }}{% endfilter %}{{ y is defined }}", "{% filter length %}abc{% endfilter %}", "{% filter %}a{% endfilter %}", "{% filter nosuch %}a{% endfilter %}", "{% filter upper is string %}a{% endfilter %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}", "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% set a = 3 %}{{ a }}{% endwith %}{{ a }}", "{% with %}{% set c = 1 %}{{ c }}{% endwith %}{{ c is defined }}", "{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}", "{% with a = 1 %}{% for x in l %}{% with a = x %}{{ a }}{% endwith %}{{ a }}{% endfor %}{% endwith %}", "{% with a %}{% endwith %}", "{% with a = 1 b = 2 %}{% endwith %}",
    # generators and views
    *expressions("1 if []|map('upper') else 2", "1 if l|select('gt', 9) else 2", "1 if none_|reject else 2", "1 if x|selectattr('a') else 2", "1 if {}|items else 2", "1 if {}.items() else 2", "1 if d.keys() else 2", "1 if []|reverse else 2", "1 if []|unique else 2", "1 if range(0) else 2", "1 if []|list else 2", "l|map('string') is iterable", "l|map('string') is sequence", "d.items() is sequence", "d.items() is iterable", "d.keys() is mapping", "range(3) is sequence", "d|items is sequence", "l|select|first", "[]|select|first is defined", "l|select|last", "l|map('abs')|length", "d.items()|length", "d|items|length", "range(4)|length", "range(4)[1]", "range(4)[9] is defined", "(l|select)[0] is defined", "d.keys()[0] is defined", "3 in l|select", "9 in l|select", "'b' in d.keys()", "2 in range(3)", "l|map('string')|tojson", "d.keys()|tojson", "range(3)|tojson", "l|map('string')|map('upper')|join", "l|reverse|first", "l|select|reverse|list", "l|select|sort", "l|select|sum", "l|select|min", "none_|map('upper')|list", "0|select|list", "l|map('nosuch')|first", "['a', 1]|map('upper')|first", "[3, 'a']|map('abs')|first", "d.values()|list", "dict(d.items())|length", "d|reverse|list", "[range(2), 1]|first|list", "none_|reverse", "1|reverse", "x|reverse|list", "u|map('upper')|join"),
    "{% set g = l|map('string') %}{{ g|list }}{{ g|list }}", "{% set g = l|select %}{{ g|first }}{{ g|list }}", "{% set g = d.items() %}{{ g|list|length }}{{ g|list|length }}", "{% for x in l|select %}{{ loop.index }}{{ loop.last }}{{ loop.length }}{% endfor %}", "{% for k, v in d|items if v is sequence %}{{ k }}{{ loop.last }}{% endfor %}", "{% for x in l|map('nosuch') %}{% endfor %}", "{% for x in []|map('nosuch') %}{% else %}e{% endfor %}", "{% set a, b = {'x': 1}.items()|first %}{{ a }}{{ b }}", "{% for x in range(9)|select('odd')|map('string') %}{{ x }}{% endfor %}",
    # colons, and what is looked at late
    "{% if t: %}a{% elif f: %}b{% else: %}c{% endif %}", "{% for x in l: %}{{ x }}{% else: %}{% endfor %}", "{% macro m(): %}a{% endmacro %}{{ m() }}", "{% set x: %}a{% endset %}{{ x }}", "{% with a = 1: %}{{ a }}{% endwith %}", "{% set x = 1: %}", "{% endif: %}", "{% if t %}{% endif: %}", "{% for x in l %}{% break: %}{% endfor %}",
    *expressions("s.index('o')", "s.rindex('o')", "s.index('zz')", "d[x] is defined", "d.get(x, 7)", "x in d", "{x: 1}", "{x: 1}|tojson", "{x: 1}[y]", "namespace(x)", "dict(x)", "[x]|unique|list|length",
        "1 if t|map('upper') else 2", "t|map('upper')|list", "1 if 7|select else 2", "7|select|list"),
    # numbers out of the ordinary, lines, slices
    *expressions("1.0 // 0.1", "-1.0 // 0.1", "5.5 // -2", "0.0 // 3", "-0.0 % 3", "6.0 % 3", "6.0 % -3", "5.0 % 1e300", "2.0 ** 3", "4 ** 0.5", "0.0 ** 0", "2.0 ** 10000", "0.0 ** -1", "0 ** -1", "1e308 * 10", "[1e400] == [1e400]", "-0.0 == 0", "[0.0, -0.0]|unique|list|length", "1e16 == 10000000000000000", "s[::9223372036854775807]", "s[::-9223372036854775807]", "l[-9223372036854775807:9223372036854775807]", "u[7:12]", "u[::3]", "u[:-1]|length", "'a\u2028b\x85c\x0bd\x1ce\r\nf\n'.splitlines()", "'a\u2028b\nc'|indent(1)", "'\n\n'.splitlines()", "''.splitlines()", "[1]|tojson(indent=70)", "[1]|tojson(indent=-1)", "{'a': [1]}|tojson(indent=true)", "'\x7f\u2028'|tojson(ensure_ascii=true)"),
    # errors, in Python's Jinja too
    *expressions("raise_exception('no')", "x.y", "x['y']", "x()", "none_()", "s()", "1 + 'a'", "'a' + 1", "x + 1", "none_ + 1", "1 / 0", "1 // 0", "1 % 0", "l < 1", "'a' < 1", "none_ < 1", "1 in 1", "1 in 'a'", "1 in none_", "none_|length", "1|length", "none_|list", "1|items|list", "'a'|abs", "x|tojson", "s.nosuch()", "l.nosuch()", "l.append(1)", "d.update(a=1)", "s|nosuch", "s is nosuch", "s|replace('a')", "s|upper(1)", "s.startswith()", "s.startswith(1)", "s.split('')", "s[1:2:0]", "s['a':]", "range()", "range(1, 2, 0)", "range(100001)", "namespace(1)", "{[]: 1}", "dict(1)", "'a'.join([1])", "l|map('nosuch')|list", "l|selectattr('a', 'nosuch')|list", "l|map|list", "1 is divisibleby 0", "-s", "[1] + (1,)", "d|sort(attribute='x')|first + 1", "['a', 1]|sort", "[1, 2].index(3)", "l|round(0, 'odd')", "l.0.1.x.y", "loop.index", "nosuch(1)", "d.nosuch.deeper", "'a' is divisibleby 2", "s|trim(1)", "l|join(1, 2, 3)", "range(1.5)", "'ab' * 1.5"),
    "{{", "{{ 1", "{{ }}", "{% %}", "{% if %}{% endif %}", "{% if t %}", "{% for %}", "{% for x in l %}", "{% endif %}", "{% nosuch %}", "{# open", "{% raw %}x", "{{ 'open }}", "{{ (1 }}", "{{ 1) }}", "{{ [1 }}", "{{ 1 2 }}", "{{ a b }}", "{{ 1 + }}", "{{ | upper }}", "{{ 1 | }}", "{{ 1 is }}", "{{ a. }}", "{{ a[ }}", "{{ a[] }}", "{{ f(a=1, 2) }}", "{{ f(a=1, a=2) }}", "{% set 1 = 2 %}", "{% set x %}", "{% set none = 1 %}", "{% set x = %}", "{% macro %}{% endmacro %}", "{% macro m(a=1, b) %}{% endmacro %}", "{% macro m(1) %}{% endmacro %}", "{% for x of l %}{% endfor %}", "{% for x in l %}{% endif %}", "{% if t %}{% else %}{% else %}{% endif %}", "{% if t %}{% endfor %}", "{% break %}", "{% for 1 in l %}{% endfor %}", "{{ 007 }}", "{{ ? }}", "{{ 'a' is string is string }}", r"{{ '\x4' }}", r"{{ '\u12' }}", "{{ {'a' 1} }}", "{{ not }}", "{{ 1 if }}", "{{ a := 1 }}", "{% set d.x = 1 %}", "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for a, b in l %}{% endfor %}", "{% for x in 1 %}{% endfor %}", "{% for x in none_ %}{% endfor %}", "{% set a, b = 1, 2, 3 %}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(b=1) }}", "{% macro m(a) %}{% endmacro %}{{ m(1, a=1) }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% for x in range(9999999999) %}{% endfor %}", "{% endraw %}", "{{ x }", "{{ x %}", "{% if t }}{% endif %}",
]
