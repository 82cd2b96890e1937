package dev.sluice.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes being put together, every number little-endian. */
final class LittleEndian extends ByteArrayOutputStream {
    void putInt(int value) {
        putNumber(value, 4);
    }

    void putLong(long value) {
        putNumber(value, 8);
    }

    void putString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        putLong(utf8.length);
        writeBytes(utf8);
    }

    /** One metadata value; {@link IllegalArgumentException} where it does not fit in the type. */
    void putValue(ValueType type, Object value) {
        switch (type) {
            case U8 -> putNumber(inRange(type, value, 0, 0xFF), 1);
            case I8 -> putNumber(inRange(type, value, Byte.MIN_VALUE, Byte.MAX_VALUE), 1);
            case U16 -> putNumber(inRange(type, value, 0, 0xFFFF), 2);
            case I16 -> putNumber(inRange(type, value, Short.MIN_VALUE, Short.MAX_VALUE), 2);
            case U32 -> putNumber(inRange(type, value, 0, 0xFFFF_FFFFL), 4);
            case I32 -> putNumber(inRange(type, value, Integer.MIN_VALUE, Integer.MAX_VALUE), 4);
            case U64, I64 -> putLong(((Number) value).longValue());
            case F32 -> putInt(Float.floatToRawIntBits(((Number) value).floatValue()));
            case F64 -> putLong(Double.doubleToRawLongBits(((Number) value).doubleValue()));
            case BOOL -> write((Boolean) value ? 1 : 0);
            case STRING -> putString((String) value);
            case ARRAY -> throw new IllegalArgumentException("an array in an array");
        }
    }

    private static long inRange(ValueType type, Object value, long least, long most) {
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "the value " + number + " is not a " + type + ", expected " + least + " to " + most);
        }
        return number;
    }

    private void putNumber(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            write((int) (value >> 8 * i));
        }
    }
}
