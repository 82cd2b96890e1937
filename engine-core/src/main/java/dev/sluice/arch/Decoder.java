package dev.sluice.arch;

import dev.sluice.op.StateSpec;
import java.util.List;

/** A model bound to a backend. */
public interface Decoder {
    /** From the token ids of the step to the logits of its wanted rows: embed, blocks, final norm, head. */
    void forward();

    /** {@return what each layer keeps of a sequence, in layer order} */
    List<StateSpec> states();

    /** {@return rows of the head: the length of a logits vector} */
    int vocabularySize();

    /** {@return tokens of context that the model was trained for} */
    int contextLength();

    /** {@return layers of the trunk, without MTP blocks} */
    int blockCount();

    /** {@return multi-token-prediction blocks in the file; present, not used} */
    Nextn nextn();

    /** {@return names of tensors that are unknown, and so ignored} */
    List<String> ignored();
}
