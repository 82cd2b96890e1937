package dev.sluice.fuzz;

import dev.sluice.fuzz.GgufImage.Info;
import dev.sluice.gguf.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Changes of tensor infos and of the data they point to. */
final class TensorMutations {
    /** Most bytes that a tensor's data grow to. */
    private static final int MOST_BYTES = 1 << 20;

    /** Names that the family gives to tensors, after {@code blk.N.} where there is no other. */
    private static final List<String> NAMES = List.of(
            "output.weight",
            "token_embd.scale",
            "v.patch_embd.weight",
            "attn_norm.weight",
            "attn_q.scale",
            "attn_qkv.weight",
            "ffn_gate.scale",
            "ffn_gate_exps.scale",
            "ffn_gate_up_exps.weight",
            "ffn_down_exps.scale",
            "nextn.eh_proj.weight",
            "nextn.embed_tokens.weight",
            "nextn.shared_head_head.weight",
            "ssm_ba.weight",
            "ssm_beta.weight",
            "ssm_dt",
            "ssm_dt.bias",
            "ssm_in.weight",
            "ssm_norm.weight");

    private static final float[] FLOATS = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        0,
        -0f,
        1e20f,
        -1e20f
    };

    static final Map<String, Mutation> ALL = Map.ofEntries(
            Map.entry("tensor dropped", (image, random) -> {
                if (image.tensors.size() > 1) {
                    image.tensors.remove(random.nextInt(image.tensors.size()));
                }
            }),
            Map.entry("tensor twice", (image, random) -> image.tensors.add(Mutation.pick(image.tensors, random))),
            Map.entry("tensor renamed", TensorMutations::rename),
            Map.entry("tensor names exchanged", TensorMutations::exchange),
            Map.entry(
                    "tensors in another order",
                    (image, random) -> Collections.swap(
                            image.tensors, random.nextInt(image.tensors.size()), random.nextInt(image.tensors.size()))),
            Map.entry("tensor type", TensorMutations::type),
            Map.entry("tensor of another type", TensorMutations::retype),
            Map.entry("dimension", TensorMutations::dimension),
            Map.entry("dimensions exchanged", TensorMutations::transpose),
            Map.entry("number of dimensions", TensorMutations::dimensions),
            Map.entry("tensor of another shape", TensorMutations::resize),
            Map.entry("offset", TensorMutations::offset),
            Map.entry("weights", TensorMutations::weights),
            Map.entry("data exchanged", TensorMutations::exchangeData),
            Map.entry("tensor added", TensorMutations::add));

    private TensorMutations() {}

    private interface Change {
        Info of(Info info);
    }

    private static void change(GgufImage image, SplittableRandom random, Change change) {
        int i = random.nextInt(image.tensors.size());
        image.tensors.set(i, change.of(image.tensors.get(i)));
    }

    private static void rename(GgufImage image, SplittableRandom random) {
        change(
                image,
                random,
                info -> info.withName(
                        switch (random.nextInt(3)) {
                            case 0 -> Edges.text(info.name(), random);
                            case 1 -> Mutation.pick(image.tensors, random).name();
                            default -> name(random);
                        }));
    }

    private static byte[] name(SplittableRandom random) {
        String name = Mutation.pick(NAMES, random);
        boolean whole = name.startsWith("output") || name.startsWith("token") || name.startsWith("v.");
        return (whole ? name : "blk." + random.nextInt(6) + "." + name).getBytes(StandardCharsets.UTF_8);
    }

    private static void exchange(GgufImage image, SplittableRandom random) {
        int a = random.nextInt(image.tensors.size());
        int b = random.nextInt(image.tensors.size());
        Info first = image.tensors.get(a);
        Info second = image.tensors.get(b);
        image.tensors.set(a, second.withName(first.name()));
        image.tensors.set(b, first.withName(second.name()));
    }

    private static int anyType(SplittableRandom random) {
        TensorType[] types = TensorType.values();
        return types[random.nextInt(types.length)].id();
    }

    private static void type(GgufImage image, SplittableRandom random) {
        change(
                image,
                random,
                info -> info.withType(
                        random.nextInt(4) == 0 ? (int) Edges.integer(info.type(), random) : anyType(random)));
    }

    /** Another type and as much data as it needs. */
    private static void retype(GgufImage image, SplittableRandom random) {
        change(image, random, info -> fill(info.withType(anyType(random)), random));
    }

    private static void dimension(GgufImage image, SplittableRandom random) {
        change(image, random, info -> info.withShape(otherSize(info, random)));
    }

    private static long[] otherSize(Info info, SplittableRandom random) {
        long[] shape = info.shape().clone();
        if (shape.length > 0) {
            int d = random.nextInt(shape.length);
            shape[d] = Edges.integer(shape[d], random);
        }
        return shape;
    }

    private static void transpose(GgufImage image, SplittableRandom random) {
        change(image, random, info -> {
            long[] shape = info.shape().clone();
            if (shape.length > 1) {
                int d = random.nextInt(shape.length - 1);
                long size = shape[d];
                shape[d] = shape[d + 1];
                shape[d + 1] = size;
            }
            return info.withShape(shape);
        });
    }

    private static void dimensions(GgufImage image, SplittableRandom random) {
        change(image, random, info -> {
            int n = random.nextInt(6);
            long[] shape = Arrays.copyOf(info.shape(), n);
            for (int i = info.shape().length; i < n; i++) {
                shape[i] = 1;
            }
            return info.withShape(shape);
        });
    }

    /** Another shape and as much data as it needs. */
    private static void resize(GgufImage image, SplittableRandom random) {
        change(image, random, info -> fill(info.withShape(otherSize(info, random)), random));
    }

    /** Data of the size that the info asks for, if that is possible: the old data again and again, or noise. */
    private static Info fill(Info info, SplittableRandom random) {
        int size = TensorTypes.bytesWithin(info.type(), info.shape(), MOST_BYTES);
        if (size < 0) {
            return info;
        }
        byte[] data = new byte[size];
        if (random.nextBoolean() || info.data().length == 0) {
            random.nextBytes(data);
        } else {
            for (int at = 0; at < size; at += info.data().length) {
                System.arraycopy(info.data(), 0, data, at, Math.min(info.data().length, size - at));
            }
        }
        return info.withData(data);
    }

    private static void offset(GgufImage image, SplittableRandom random) {
        change(
                image,
                random,
                info -> info.withOffset(
                        random.nextBoolean() ? 32L * random.nextInt(1 << 12) : Edges.integer(0, random)));
    }

    /** Numbers that spread, or noise. */
    private static void weights(GgufImage image, SplittableRandom random) {
        change(image, random, info -> {
            byte[] data = info.data().clone();
            ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            if (random.nextInt(4) == 0) {
                random.nextBytes(data);
                return info.withData(data);
            }
            float value = FLOATS[random.nextInt(FLOATS.length)];
            boolean all = random.nextBoolean();
            int step = info.type() == TensorType.F32.id() ? 4 : 2;
            for (int at = 0; at + step <= data.length; at += step) {
                if (all || random.nextInt(64) == 0) {
                    if (step == 4) {
                        bytes.putFloat(at, value);
                    } else {
                        bytes.putShort(at, Float.floatToFloat16(value));
                    }
                }
            }
            return info.withData(data);
        });
    }

    private static void exchangeData(GgufImage image, SplittableRandom random) {
        int a = random.nextInt(image.tensors.size());
        int b = random.nextInt(image.tensors.size());
        Info first = image.tensors.get(a);
        Info second = image.tensors.get(b);
        image.tensors.set(a, first.withData(second.data()));
        image.tensors.set(b, second.withData(first.data()));
    }

    private static void add(GgufImage image, SplittableRandom random) {
        Info like = Mutation.pick(image.tensors, random);
        Info added = like.withName(name(random));
        if (random.nextBoolean()) {
            added = fill(
                    new Info(added.name(), new long[] {1 + random.nextInt(8)}, TensorType.F32.id(), added.data(), null),
                    random);
        }
        image.tensors.add(added);
    }
}
