use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The only source of chance in the sandbox. One stream per subject, so that asking for more students does not change the offer;
/// and nothing but raw draws of the generator, so that a new version of a library does not change a committed figure.
#[derive(Clone, Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream `subject` of a seed.
    pub(super) fn new(seed: u64, subject: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(subject);
        Self(rng)
    }

    /// A number below `n`; zero when `n` is zero. The bias of a modulo over 64 bits is far below what a label can show.
    pub(super) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { usize::try_from(self.0.next_u64() % n as u64).unwrap_or_default() }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high.saturating_sub(low)).unwrap_or_default();
        low.saturating_add(i64::try_from(self.below(width + 1)).unwrap_or_default())
    }

    /// True `n` times in a hundred.
    pub(super) fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    /// True `share` times in one.
    pub(super) fn share(&mut self, share: f64) -> bool {
        // 53 bits: all that a double holds.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let draw = (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0;
        draw < share
    }

    /// One of the choices.
    pub(super) fn pick<'t, T>(&mut self, choices: &'t [T]) -> Option<&'t T> {
        let at = self.below(choices.len());
        choices.get(at)
    }

    /// One of the words; empty when there is none.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }

    /// `n` distinct positions below `len`, in increasing order; all of them when `n` is not less.
    pub(super) fn sample(&mut self, n: usize, len: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..len).collect();
        for i in 0..n.min(len) {
            let j = i + self.below(len - i);
            all.swap(i, j);
        }
        all.truncate(n);
        all.sort_unstable();
        all
    }
}
