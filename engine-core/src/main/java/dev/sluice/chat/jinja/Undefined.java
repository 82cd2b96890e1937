package dev.sluice.chat.jinja;

/** What a missing variable, member or argument is: prints nothing, is false, and cannot be used otherwise. */
record Undefined(String what) {
    JinjaException error() {
        return new JinjaException(what + " is undefined");
    }
}
