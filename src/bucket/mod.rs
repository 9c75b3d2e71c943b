//! Deterministic assignment: the same salts and the same id give the same bucket, on every platform, for ever.
//!
//! The native scheme hashes the salts and the id, each behind its length in bytes, so that no two lists of parts ever
//! hash the same text:
//!
//! ```text
//! bucket(s1 … sn, id) = first 64 bits, big-endian, of SHA-256(len(s1) ‖ s1 ‖ … ‖ len(sn) ‖ sn ‖ len(id) ‖ id)
//! len(x)              = the length of x in bytes of UTF-8, as 64 bits, big-endian
//! threshold(share)    = floor(share × 2^64)
//! id is in the share  ⇔ bucket < threshold(share)
//! ```
//!
//! Raising a share keeps everybody who was in it. In a split, cumulative thresholds keep the arms from overlapping: arm
//! *k* holds the buckets in [threshold(s1 + … + s(k−1)), threshold(s1 + … + sk)).
//!
//! Integers only: floating point would move the customers at the edges from one platform to another. These values are
//! frozen; changing one would reassign customers:
//!
//! | salts | id | bucket |
//! |---|---|---|
//! | | | `af5570f5a1810b7a` |
//! | | `customer-1` | `67fc0a02fb4f28cb` |
//! | `welcome` | `customer-1` | `02e6c24159148254` |
//! | `welcome`, `2026` | `customer-1` | `90b6564d6960a386` |
//! | `wel`, `come2026` | `customer-1` | `b8a657eddbe92c6b` |
//! | `été` | `客户` | `79266581b2ca11b7` |

mod hash;
mod mix;
mod scheme;

pub(crate) use mix::SplitMix;
pub use scheme::Scheme;

use sha2::{Digest, Sha256};

/// The bucket of `id` under `salts`: uniform over all of `u64`, independent from one list of salts to another.
///
/// Salts and ids are hashed byte for byte; text that should be equal must be normalised the same way first.
///
/// ```
/// use nextbest::bucket::{bucket, threshold};
/// let half = threshold("50").ok_or("not a percentage")?;
/// assert_eq!(bucket(&["welcome"], "customer-1"), 0x02e6_c241_5914_8254);
/// assert!(half.contains(bucket(&["welcome"], "customer-1")));
/// # Ok::<(), &str>(())
/// ```
pub fn bucket(salts: &[&str], id: &str) -> u64 {
    let mut hash = Sha256::new();
    for part in salts.iter().copied().chain([id]) {
        hash.update((part.len() as u64).to_be_bytes()); // No platform has lengths beyond 64 bits.
        hash.update(part);
    }
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// A share of all buckets: those below a limit between 0 (nobody) and 2^64 (everybody).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Threshold(u128);

impl Threshold {
    /// No bucket.
    pub const NOBODY: Self = Self(0);
    /// Every bucket.
    pub const EVERYBODY: Self = Self(1 << 64);

    /// Exactly floor(`numerator` / `denominator` × 2^64); `None` if that is no share between 0 and 1.
    pub fn of_ratio(numerator: u64, denominator: u64) -> Option<Self> {
        if numerator > denominator {
            return None;
        }
        (u128::from(numerator) << 64).checked_div(denominator.into()).map(Self)
    }

    /// Whether `bucket` is below the limit.
    pub fn contains(self, bucket: u64) -> bool {
        u128::from(bucket) < self.0
    }

    /// The limit: 0..=2^64.
    pub const fn limit(self) -> u128 {
        self.0
    }
}

/// The share of `percent` percent, given as decimal digits with or without a point: `"12.5"` is an eighth.
///
/// Exact: floor(percent / 100 × 2^64). `None` if `percent` is anything else than digits and at most one point between
/// two of them, lies above 100, or has more than 17 decimals (zeros at the end not counted).
pub fn threshold(percent: &str) -> Option<Threshold> {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let decimals = decimals.trim_end_matches('0');
    let scale = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let fraction = if decimals.is_empty() { 0 } else { decimals.parse().ok()? };
    let numerator = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(fraction)?;
    Threshold::of_ratio(numerator, scale.checked_mul(100)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Computed by Python's hashlib; never to be changed.
    #[test]
    fn frozen_buckets() {
        assert_eq!(bucket(&[], ""), 0xaf55_70f5_a181_0b7a);
        assert_eq!(bucket(&[], "customer-1"), 0x67fc_0a02_fb4f_28cb);
        assert_eq!(bucket(&["welcome"], "customer-1"), 0x02e6_c241_5914_8254);
        assert_eq!(bucket(&["welcome", "2026"], "customer-1"), 0x90b6_564d_6960_a386);
        assert_eq!(bucket(&["wel", "come2026"], "customer-1"), 0xb8a6_57ed_dbe9_2c6b);
        assert_eq!(bucket(&["été"], "客户"), 0x7926_6581_b2ca_11b7);
        assert_eq!(bucket(&[&"x".repeat(200)], &"y".repeat(300)), 0x4ca2_8845_1fce_a31d);
    }

    /// Computed by Python's fractions; never to be changed.
    #[test]
    fn frozen_thresholds() {
        let limit = |percent| threshold(percent).map(Threshold::limit);
        assert_eq!(limit("0"), Some(0));
        assert_eq!(limit("100"), Some(1 << 64));
        assert_eq!(limit("100.000"), Some(1 << 64));
        assert_eq!(limit("50"), Some(1 << 63));
        assert_eq!(limit("10"), Some(1_844_674_407_370_955_161));
        assert_eq!(limit("12.5"), Some(2_305_843_009_213_693_952));
        assert_eq!(limit("012.50000000000000000000"), limit("12.5"));
        assert_eq!(limit("33.333"), Some(6_148_853_202_089_604_840));
        assert_eq!(limit("0.00000000000000001"), Some(1));
    }

    #[test]
    fn what_is_no_percentage() {
        for bad in ["", ".", "5.", ".5", "-1", "+1", "1e1", "1_0", "1.2.3", "100.01", "101", " 5", "5%", "١"] {
            assert_eq!(threshold(bad), None, "{bad}");
        }
        assert_eq!(threshold("0.000000000000000001"), None);
        assert_eq!(threshold(&"9".repeat(400)), None);
        assert_eq!(Threshold::of_ratio(0, 0), None);
        assert_eq!(Threshold::of_ratio(2, 1), None);
        assert_eq!(Threshold::of_ratio(u64::MAX, u64::MAX), Some(Threshold::EVERYBODY));
    }

    #[test]
    fn the_ends_are_everybody_and_nobody() {
        let (none, all) = (Threshold::NOBODY, Threshold::EVERYBODY);
        assert!(!none.contains(0) && !none.contains(u64::MAX));
        assert!(all.contains(0) && all.contains(u64::MAX));
    }

    #[test]
    fn shares_are_met() {
        let tenth = threshold("10").unwrap();
        let inside = (0..10_000).filter(|n| tenth.contains(bucket(&["share"], &format!("customer-{n}")))).count();
        assert!((900..1100).contains(&inside), "{inside}");
    }

    proptest! {
        #[test]
        fn raising_a_share_keeps_everybody(low in 0_u64..=10_000, more in 0_u64..=10_000, id: u64) {
            let high = (low + more).min(10_000);
            let (low, high) = (Threshold::of_ratio(low, 10_000).unwrap(), Threshold::of_ratio(high, 10_000).unwrap());
            prop_assert!(!low.contains(id) || high.contains(id));
        }

        #[test]
        fn digits_and_ratios_agree(hundredths in 0_u64..=10_000) {
            let digits = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            prop_assert_eq!(threshold(&digits), Threshold::of_ratio(hundredths, 10_000));
        }

        #[test]
        fn anything_may_be_asked(percent in "[0-9.]{0,30}|.{0,8}") {
            let _ = threshold(&percent);
        }
    }
}
