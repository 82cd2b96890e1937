package dev.sluice.chat;

import java.util.List;
import java.util.Map;

/** Templates that want to take all memory, all time or all stack; run, says whether each ends in an error and nothing else. */
final class HostileTemplates {
    /** The JVM's memory in which they are refused. */
    static final String HEAP = "64m";

    private static final String LONG =
            "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(18) %}{% set ns.s = ns.s + ns.s %}{% endfor %}";

    static final List<String> ALL = List.of(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% for a in range(100000000) %}{% endfor %}",
            "{% set ns = namespace(s='a') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
            "{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
            "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
            "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}",
            "{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}",
            "{{ 'a' * 999999999999 }}",
            "{{ [1] * 999999999999 }}",
            "{{ ['a' * 9999999] * 9999999 }}",
            "{{ 'a'.replace('', 'b' * 9999999).replace('b', 'c' * 99) }}",
            "{{ ('a' * 9999) | replace('a', 'b' * 9999) }}",
            "{{ ('a\n' * 99999) | indent(99999) }}",
            "{{ ('ab' * 9999).split('a') | join('b' * 99999) }}",
            "{{ [1] | tojson(indent=9999999999) }}{{ 'a' | indent(9999999999) }}{{ 1 | round(9999999999) }}",
            "{{ 10 ** 10000000 }}",
            "{{ 9223372036854775807 + 1 }}",
            "{{ -(-9223372036854775807 - 1) }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m(n) %}{{ m(n + 1) ~ m(n + 2) }}{% endmacro %}{{ m(0) }}",
            "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
            "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
            LONG + "{% for i in range(99999) %}{{ ns.s in ns.s ~ 'b' }}{% endfor %}",
            LONG + "{% for i in range(99999) %}{{ ns.s ~ '' == ns.s ~ '' }}{% endfor %}",
            LONG + "{% set q = ns.s[:1000000] ~ 'b' %}{{ q in ns.s }}{{ ns.s.find(q) }}",
            LONG + "{% for i in range(99999) %}{% set x = ns.s | length %}{% endfor %}",
            LONG + "{% for i in range(99999) %}{{ ns.s.strip('b') == 'a' }}{% endfor %}",
            LONG + "{% set ns.l = [] %}{% for i in range(99999) %}{% set ns.l = ns.l + [ns.s ~ i] %}{% endfor %}",
            "{{ " + "(".repeat(9999) + "1" + ")".repeat(9999) + " }}",
            "{{ " + "[".repeat(9999),
            "{{ " + "-".repeat(9999) + "1 }}",
            "{{ " + "not ".repeat(9999) + "1 }}",
            "{{ 1" + " + 1".repeat(9999) + " }}",
            "{{ 1" + " and 1".repeat(9999) + " }}",
            "{{ 1" + " | string".repeat(9999) + " }}",
            "{{ x" + ".x".repeat(9999) + " }}",
            "{{ 1" + " if 1 else 1".repeat(9999) + " }}",
            "{% if 1 %}".repeat(9999) + "{% endif %}".repeat(9999),
            "{% for x in l %}".repeat(9999),
            "{% set " + "(".repeat(9999) + "a = 1 %}",
            "{# ".repeat(9999),
            "{% raw %}" + "{% ".repeat(99999),
            "{{ '" + "a".repeat(99999),
            "{{ ".repeat(9999),
            // texts whose characters take two bytes, and what grows when written
            "{{ '\\u4e2d' * 3999999 }}",
            "{{ ('\\u4e2d' * 1999999) | upper | lower | trim('a') | replace('x', 'y') }}",
            "{% for i in range(9) %}{{ '\\u4e2d' * 999999 }}{% endfor %}",
            "{% set x %}{% for i in range(9) %}{{ '\\u4e2d' * 499999 }}{% endfor %}{% endset %}{{ x }}",
            "{% for i in range(99) %}{{ ('\\x01' * 99999) | tojson }}{% endfor %}",
            "{% for i in range(99) %}{{ ['\\x01' * 99999] }}{% endfor %}",
            "{{ ('\\u4e2d' * 999999).upper().title().capitalize()[1:][::-1] }}{{ ('\\u1fb7' * 999999) | upper }}",
            // many small things
            "{{ ('a,' * 999999).split(',') }}",
            "{{ ('a ' * 999999).split() }}",
            "{{ ('a\n' * 999999).splitlines() }}",
            "{{ ('a' * 999999) | list }}",
            "{% for c in 'a' * 999999 %}{% endfor %}",
            "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = ns.l + [i] %}{% endfor %}",
            "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l, i ~ 'x'] %}{% endfor %}",
            "{% set ns = namespace(l=()) %}{% for a in range(999) %}{% for b in range(999) %}{% set ns.l = (ns.l, {a: b}) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(l=()) %}{% for a in range(999) %}{% for b in range(999) %}{% macro m() %}{{ a }}{% endmacro %}{% set ns.l = (ns.l, m) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(l=()) %}{% for a in range(999) %}{% for b in range(999) %}{% set ns.l = (ns.l, namespace(a=b)) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(l=()) %}{% for a in range(999) %}{% for b in range(999) %}{% set ns.l = (ns.l, [a] | map('string')) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(d={}) %}{% for a in range(9999) %}{% set ns.d = dict(ns.d.items(), x=1) %}{% set ns.d = dict([(a, a)] + ns.d.items() | list) %}{% endfor %}",
            "{% for a in range(99) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% for a in range(99) %}{{ range(99999) | sort | reverse | list | unique | list }}{% endfor %}",
            "{% for a in range(99) %}{{ range(9999) | map('string') | sort(attribute='0.0.0.0') | join('x' * 99) }}{% endfor %}",
            "{% set l = range(9999) | list %}{% for a in range(9999) %}{{ l[a:] == l[:a] }}{{ l.index(9998) }}{{ l.count(1) }}{% endfor %}",
            "{% set l = [0.1, 1, 1e-300, 9007199254740993] * 999 %}{% for a in range(9999) %}{{ l | sort | first }}{% endfor %}",
            "{% for a in range(99999) %}{{ 1e-300 == 1 }}{{ 1e308 > 9223372036854775807 }}{{ 1e-300 | round(400) }}{% for b in range(99) %}{{ 5e-324 | round(400) }}{% endfor %}{% endfor %}",
            // numbers
            "{{ 2 ** 9999999999 }}",
            "{{ 2.5 ** 9999999999 }}",
            "{{ 'a' | indent(1000000000) }}",
            "{{ [1] | tojson(indent=1000000000) }}",
            "{{ [[[[[[1]]]]]] | tojson(indent=999999) }}",
            "{{ [1] | tojson(indent='x' * 999999, separators=(',' * 999999, ':')) }}{{ [1, 2, 3, 4] | tojson(separators=(',' * 999999, ':')) }}",
            "{{ range(9223372036854775807) }}",
            // calls that never end
            "{% macro m() %}{% call m() %}{% endcall %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}",
            "{% macro m(x) %}{% filter upper %}{% with y = m(x) %}{% endwith %}{% endfilter %}{% endmacro %}{{ m(1) }}",
            "{% set ns = namespace() %}{% macro m() %}{{ ns.f() }}{% endmacro %}{% set ns.f = m %}{{ m() }}",
            "{% set g = range(99999) | map('string') %}{% for i in range(64) %}{% set g = g | map('upper') %}{% endfor %}{{ [g] * 999 | join }}",
            "{% set ns = namespace() %}{% set ns.g = [1] | map('upper') %}{% for i in range(9999) %}{% set ns.g = ns.g | map('upper') %}{% endfor %}{{ ns.g | list }}",
            // long templates
            "{{ " + "1+".repeat(130_000) + "1 }}",
            "{{ " + "[1],".repeat(60_000),
            "{{ " + "f(a,b=c)|g,".repeat(20_000) + " }}",
            "{{a}}".repeat(52_000) + "{{",
            "{%if a%}{%endif%}".repeat(15_000) + "{{",
            "{# #}{% raw %}{% endraw %}".repeat(9_000) + "{{",
            "{{ '\\n" + "\\x41".repeat(60_000) + "' }}{{",
            "x".repeat((1 << 18) + 1));

    private HostileTemplates() {}

    public static void main(String[] args) {
        int refused = 0;
        for (String template : ALL) {
            String shown = template.substring(0, Math.min(200, template.length()));
            long start = System.nanoTime();
            try {
                ChatTemplate.parse(template).render(Map.of());
                System.out.println("not refused: " + shown);
            } catch (TemplateException e) {
                refused++;
            } catch (Throwable e) {
                System.out.println(e + ": " + shown);
            }
            if (args.length > 0) {
                System.out.printf("%6.3f s  %s%n", (System.nanoTime() - start) / 1e9, shown);
            }
        }
        System.out.println(refused + " refused of " + ALL.size());
        System.exit(refused == ALL.size() ? 0 : 1);
    }
}
