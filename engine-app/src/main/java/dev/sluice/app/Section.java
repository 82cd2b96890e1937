package dev.sluice.app;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Headings under which a manual page lists options, in this order. */
enum Section {
    INPUT,
    MEASUREMENT,
    MODEL,
    SESSION,
    CHAT_TEMPLATE,
    SAMPLING,
    OUTPUT,
    /** Where an option goes that nothing is said of. */
    OPTIONS;

    /** The section of an option, or of all options of a class that say nothing of their own. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.FIELD, ElementType.TYPE})
    @interface Of {
        Section value();
    }

    String heading() {
        return name().replace('_', ' ');
    }
}
