package dev.sluice.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** An object whose attributes may be set, also from inside loops. Compared by identity. */
final class Namespace {
    final Map<String, Object> attributes = new LinkedHashMap<>();
}
