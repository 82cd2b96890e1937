package dev.sluice;

import dev.sluice.SoundFiles.Sound;
import dev.sluice.fuzz.Campaign;
import dev.sluice.fuzz.GgufMutator;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Damaged files by the thousand: {@link GgufMutator} makes each from one of {@link SoundFiles}, {@link FileProbe} says what
 * may become of it. Run by scripts/fuzz, with the options of {@link Campaign}.
 */
final class FileFuzz {
    /**
     * A file that was made.
     *
     * @param parts one, or all of a split file
     * @param mapped whether it is opened from the disk
     */
    private record Made(String what, List<byte[]> parts, boolean mapped, LoadOptions options) {
        @Override
        public String toString() {
            return what;
        }
    }

    /** Kept, as a logger that nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("dev.sluice");

    private final Campaign campaign;
    private final List<Sound> sound;
    private final Path directory;

    private FileFuzz(Campaign campaign, Path directory) throws IOException {
        this.campaign = campaign;
        this.sound = SoundFiles.all(new SplittableRandom(campaign.seed()));
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        LOG.setLevel(Level.OFF); // unknown tensors are a line each
        Campaign campaign = new Campaign(args);
        Path directory = Files.createTempDirectory("sluice-fuzz");
        boolean passed;
        try {
            passed = campaign.run(new FileFuzz(campaign, directory)::trial);
        } finally {
            for (File file : directory.toFile().listFiles()) {
                Files.delete(file.toPath());
            }
            Files.delete(directory);
        }
        System.exit(passed ? 0 : 1);
    }

    private Campaign.Trial trial(long index) {
        Made made = make(index);
        return new Campaign.Trial() {
            @Override
            public List<String> run() throws IOException {
                List<String> outcomes = new FileProbe(index).probe(() -> open(made));
                if (isSound(index) && !outcomes.contains(FileProbe.LOADED)) {
                    throw new AssertionError("a sound file: " + outcomes);
                }
                return outcomes;
            }

            @Override
            public String toString() {
                return made.what;
            }
        };
    }

    /** One file in a hundred stays as it is, and must load. */
    private static boolean isSound(long index) {
        return index % 100 == 0;
    }

    private Made make(long index) {
        SplittableRandom random = campaign.random(index);
        Sound base = sound.get(random.nextInt(sound.size()));
        List<byte[]> parts = new ArrayList<>();
        int damaged = random.nextInt(base.parts().size());
        String what = base.name();
        for (int i = 0; i < base.parts().size(); i++) {
            if (i == damaged && !isSound(index)) {
                GgufMutator.Mutant mutant = GgufMutator.mutate(base.parts().get(i), random);
                parts.add(mutant.bytes());
                what += " with " + mutant.changes() + (base.parts().size() > 1 ? " in part " + (i + 1) : "");
            } else {
                parts.add(base.parts().get(i).toBytes());
            }
        }
        boolean mapped = parts.size() > 1 || random.nextInt(8) == 0;
        return new Made(what, parts, mapped, new LoadOptions(1, random.nextBoolean() ? 256 : 1));
    }

    private Model open(Made file) throws IOException {
        if (!file.mapped) {
            return Model.load(MemorySegment.ofArray(file.parts.getFirst()), file.options);
        }
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < file.parts.size(); i++) {
            String name =
                    String.format("%s-%05d-of-%05d.gguf", Thread.currentThread().getName(), i + 1, file.parts.size());
            paths.add(Files.write(directory.resolve(name), file.parts.get(i)));
        }
        return Model.load(paths.getFirst(), file.options);
    }
}
