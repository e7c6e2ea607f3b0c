//! Chance that repeats: the same words give the same throw on every machine and in every year.
//!
//! Not for secrets: FNV-1a with splitmix64's last steps, chosen because a page of insights throws thousands of times.

/// A throw for these words.
pub fn throw(words: &[&str]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for word in words {
        // A separator, so that ("ab", "c") and ("a", "bc") differ.
        for byte in word.bytes().chain([0xff]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A whole number from `low` to `high`, both included.
pub fn between(words: &[&str], low: u64, high: u64) -> u64 {
    low + throw(words) % (high - low + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_give_the_same_throw_and_their_borders_count() {
        assert_eq!(throw(&["ad", "2026-11-18"]), throw(&["ad", "2026-11-18"]));
        assert_ne!(throw(&["ab", "c"]), throw(&["a", "bc"]));
    }

    #[test]
    fn throws_fill_their_range() {
        let seen = (0..1000).map(|n| between(&["range", &n.to_string()], 3, 7));
        let seen = seen.collect::<std::collections::BTreeSet<_>>();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
    }
}
