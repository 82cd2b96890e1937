package dev.sluice.app;

import dev.sluice.Model;
import dev.sluice.SessionOptions;
import dev.sluice.gguf.TensorType;
import picocli.CommandLine.Option;

/** How large a session is, and of what its cache is made. */
@Section.Of(Section.SESSION)
final class SessionFlags {
    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "N",
            description = "Context in tokens; 0 for the model's own. Default: 4096, or more if the prompt needs it.")
    Integer context;

    @Option(
            names = {"--kv"},
            paramLabel = "f16|f32",
            defaultValue = "f16",
            converter = KvTypeConverter.class,
            description = "Element type of keys and values. Default: f16.")
    TensorType kv;

    /**
     * @param needed tokens that the default context grows for, if the model has room for them
     */
    SessionOptions toOptions(Model model, int needed) {
        int length = context == null
                ? Math.min(model.contextLength(), Math.max(SessionOptions.DEFAULT_CONTEXT_LENGTH, needed))
                : context == 0 ? model.contextLength() : context;
        return SessionOptions.ofContext(length).withKvType(kv);
    }
}
