package dev.sluice;

/**
 * Whether weights get a copy on the heap in which the rows that a vector multiplies lie side by side. Results are the same;
 * with the copy single tokens are several times faster. The mapped file is then read once and no longer needs to stay in
 * memory.
 */
public enum Repack {
    /** Each weight as long as there is room; a warning says so if some stay mapped. */
    AUTO,
    /** All, or loading fails. */
    ON,
    /** None. */
    OFF;

    /** Bytes of heap that the copies may take. */
    long room() {
        return switch (this) {
            case ON -> SystemMemory.freeHeap();
            case AUTO -> Math.min(SystemMemory.freeHeap(), SystemMemory.available() / 10 * 9);
            case OFF -> 0;
        };
    }
}
