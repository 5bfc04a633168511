//! A blind test of two things that sound nearly alike (ABX): in each trial X is one of them and Y the other, by chance, and the listener
//! says which. How good the score is tells the binomial distribution (D. Clark, "High-resolution subjective testing using a double-blind
//! comparator", J. Audio Eng. Soc. 30, 1982): guessing gives `correct` of `n` or more right with P = Σ C(n, k) / 2ⁿ over k ≥ `correct`.
//!
//! The same seed gives the same trials. Which answers were right stays inside until the score is asked for, and that ends the test: who
//! may go on until the score looks good makes chance look like hearing.

/// A test on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct BlindTest {
    state: u64,
    trials: usize,
    /// Which of the two is X in the trial at hand.
    x: usize,
    correct: usize,
    answered: usize,
    is_over: bool,
}

/// What a listener has reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Right answers.
    pub correct: usize,
    /// All answers.
    pub answered: usize,
}

impl BlindTest {
    /// A test of so many trials.
    pub fn new(seed: u64, trials: usize) -> Self {
        let mut test = Self { state: seed, trials, x: 0, correct: 0, answered: 0, is_over: trials == 0 };
        test.toss();
        test
    }

    /// One bit of SplitMix64 (Steele, Lea and Flood 2014).
    fn toss(&mut self) {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.x = ((mixed ^ (mixed >> 31)) >> 63) as usize;
    }

    /// Which of the two, 0 or 1, is X now; the other one is Y.
    pub fn x(&self) -> usize {
        self.x
    }

    /// How many trials there are in all.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// How many have been answered.
    pub fn answered(&self) -> usize {
        self.answered
    }

    /// Whether it takes no more answers.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The listener says which of the two X is; the next trial begins.
    pub fn answer(&mut self, x: usize) {
        if self.is_over {
            return;
        }
        self.correct += usize::from(x == self.x);
        self.answered += 1;
        self.is_over = self.answered == self.trials;
        self.toss();
    }

    /// Ends the test.
    pub fn end(&mut self) {
        self.is_over = true;
    }

    /// What was reached, once the test is over.
    pub fn score(&self) -> Option<Score> {
        self.is_over.then_some(Score { correct: self.correct, answered: self.answered })
    }
}

impl Score {
    /// How often guessing does as well or better, 0 to 1; see the module's text.
    pub fn chance(&self) -> f64 {
        let trials = self.answered;
        // C(n, n) / 2ⁿ, then upwards from the rarest, so that small terms are added first.
        let mut term = libm::exp2(-(trials as f64));
        let mut sum = 0.0;
        for right in (self.correct..=trials).rev() {
            sum += term;
            term *= right as f64 / (trials - right + 1) as f64;
        }
        sum.min(1.0)
    }

    /// As sentences.
    pub fn sentence(&self) -> String {
        let percent = self.chance() * 100.0;
        let share = match percent {
            percent if percent < 0.1 => "less than 0.1".to_owned(),
            percent if percent < 10.0 => format!("{percent:.1}"),
            percent => format!("{percent:.0}"),
        };
        format!("{} of {} right. Guessing does as well or better in {share} % of tests.", self.correct, self.answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_is_that_of_every_way_to_guess_counted() {
        for trials in 0..=14_usize {
            for correct in 0..=trials {
                let ways = (0..1_u32 << trials).filter(|guess| guess.count_ones() as usize >= correct).count();
                let counted = ways as f64 / f64::from(1_u32 << trials);
                let chance = Score { correct, answered: trials }.chance();
                assert!((chance - counted).abs() < 1e-12, "{correct} of {trials}: {chance} against {counted}");
            }
        }
    }

    #[test]
    fn twelve_of_sixteen_is_the_known_four_in_a_hundred() {
        assert_eq!(Score { correct: 12, answered: 16 }.sentence(), "12 of 16 right. Guessing does as well or better in 3.8 % of tests.");
    }

    #[test]
    fn a_seed_gives_its_trials_again_and_both_come_about_as_often() {
        let tossed = |seed| {
            let mut test = BlindTest::new(seed, 1_000);
            (0..1_000).map(|_| (test.x(), test.answer(0)).0).collect::<Vec<_>>()
        };
        assert_eq!(tossed(7), tossed(7));
        assert_ne!(tossed(7), tossed(8));
        let second = (0..20).flat_map(tossed).sum::<usize>();
        // Ten standard deviations of 20000 fair tosses are 707.
        assert!(second.abs_diff(10_000) < 707, "{second}");
    }

    #[test]
    fn the_score_stays_hidden_until_the_end_and_nothing_is_counted_after() {
        let mut test = BlindTest::new(3, 4);
        for _ in 0..3 {
            test.answer(test.x());
            assert_eq!(test.score(), None);
        }
        test.answer(1 - test.x());
        assert_eq!((test.is_over(), test.score()), (true, Some(Score { correct: 3, answered: 4 })));
        test.answer(test.x());
        assert_eq!(test.score(), Some(Score { correct: 3, answered: 4 }));
        let mut ended = BlindTest::new(3, 4);
        ended.answer(ended.x());
        ended.end();
        assert_eq!(ended.score(), Some(Score { correct: 1, answered: 1 }));
    }
}
