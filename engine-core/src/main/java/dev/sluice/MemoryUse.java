package dev.sluice;

import dev.sluice.cpu.CpuOps;
import dev.sluice.gguf.Gguf;
import dev.sluice.op.StateSpec;
import java.util.List;
import java.util.Locale;

/**
 * What a model and one session of it cost, in bytes.
 *
 * @param weights the mapped file: shared with the page cache of the system and read on demand
 * @param scratch working memory of the model, on the heap, the same for any number of sessions
 * @param recurrentState state of the linear layers of one session
 * @param kvCache keys and values of one session with its context full; grows with the tokens held
 */
public record MemoryUse(long weights, long scratch, long recurrentState, long kvCache) {
    static MemoryUse of(Gguf file, long scratch, List<StateSpec> states, SessionOptions options) {
        long kv = 0;
        long recurrent = 0;
        for (StateSpec spec : states) {
            long bytes = CpuOps.stateBytes(spec, options.kvType(), options.contextLength());
            switch (spec) {
                case StateSpec.KvCache cache -> kv += bytes;
                case StateSpec.Recurrent state -> recurrent += bytes;
            }
        }
        return new MemoryUse(file.fileBytes(), scratch, recurrent, kv);
    }

    /** {@return what opening one more session can come to} */
    public long session() {
        return recurrentState + kvCache;
    }

    /**
     * {@return a size as people read it, for example "1.5 GiB"}
     *
     * @param bytes 0 or more
     */
    public static String text(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
