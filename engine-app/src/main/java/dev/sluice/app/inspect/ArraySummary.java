package dev.sluice.app.inspect;

/**
 * Stands for an array that is too long to be shown.
 *
 * @param elementType string, int, long, float, double, boolean
 * @param sha256 of its elements, in hexadecimal digits
 */
record ArraySummary(int arrayLength, String elementType, String sha256) {
    static ArraySummary of(Object array) {
        return new ArraySummary(Values.length(array), Values.elementType(array), Values.sha256(array));
    }
}
