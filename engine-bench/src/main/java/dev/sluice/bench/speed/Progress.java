package dev.sluice.bench.speed;

/** Told what is being done, now and then; says it to a person or to nobody. */
@FunctionalInterface
public interface Progress {
    Progress NONE = text -> {};

    /** @param text a few words that replace those before */
    void show(String text);
}
