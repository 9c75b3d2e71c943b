//! The schemes of other products, so that customers stay in the arms that they have been in.

use serde::Serialize;

use super::hash::{fnv1a, md5, murmur3, sha1};

/// How another product draws the arm of an experiment. Each has been held against what its vendor publishes.
///
/// All of them hash the bytes of UTF-8; of ids beyond ASCII not all of a vendor's own libraries do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scheme {
    /// GrowthBook, hash version 1: 1,000 buckets of FNV-1a over `id` + `salt`, which is the seed.
    GrowthBook1,
    /// GrowthBook, hash version 2: 10,000 buckets of FNV-1a, twice, over `salt` + `id`.
    GrowthBook2,
    /// The variants of Unleash: murmur3 over `salt:id`, where the salt is the group; weights are thousandths.
    Unleash,
    /// The fractional evaluation of flagd, version 2: murmur3 over `salt` + `id`, where the salt is the flag's key.
    Flagd,
    /// Eppo and Datadog: 10,000 shards of MD5 over `salt-id`.
    Eppo,
    /// LaunchDarkly: SHA-1 over `salt.id`, where the salt is `key.salt` of the flag, or its seed.
    LaunchDarkly,
    /// The variants of PostHog: SHA-1 over `salt.id` + `variant`, where the salt is the flag's key.
    PostHog,
    /// Split: 100 buckets of murmur3 over `id`; the salt is the seed, a number of 32 bits, which may be negative. Its traffic allocation
    /// is drawn by the same under a seed of its own: who falls into a bucket, counted from 1, above the percentage is left out
    /// (`splitio/javascript-commons`, `src/evaluator/condition/engineUtils.ts`).
    Split,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Scheme; 8] = [
        Scheme::GrowthBook1,
        Scheme::GrowthBook2,
        Scheme::Unleash,
        Scheme::Flagd,
        Scheme::Eppo,
        Scheme::LaunchDarkly,
        Scheme::PostHog,
        Scheme::Split,
    ];

    /// As rules write it: `growthbook2`.
    pub const fn name(self) -> &'static str {
        match self {
            Scheme::GrowthBook1 => "growthbook1",
            Scheme::GrowthBook2 => "growthbook2",
            Scheme::Unleash => "unleash",
            Scheme::Flagd => "flagd",
            Scheme::Eppo => "eppo",
            Scheme::LaunchDarkly => "launchdarkly",
            Scheme::PostHog => "posthog",
            Scheme::Split => "split",
        }
    }

    /// What a share must be a whole number of: one part of so many; `None` where any share will do.
    pub const fn parts(self) -> Option<u32> {
        match self {
            Scheme::Unleash => Some(1_000),
            Scheme::Eppo => Some(10_000),
            Scheme::Split => Some(100),
            _ => None,
        }
    }

    /// Whether it can draw a part of the customers by itself, whatever arms they are in.
    pub const fn has_gate(self) -> bool {
        matches!(
            self,
            Scheme::GrowthBook1
                | Scheme::GrowthBook2
                | Scheme::Unleash
                | Scheme::Eppo
                | Scheme::PostHog
                | Scheme::Split
        )
    }

    /// What such a part must be a whole number of; `None` where any will do. Unleash rolls out in percent.
    pub const fn gate_parts(self) -> Option<u32> {
        match self {
            Scheme::Unleash => Some(100),
            other => other.parts(),
        }
    }

    /// Whether an id is in a part of so many of so many: the coverage of GrowthBook, the gradual rollout of Unleash, the rollout of
    /// PostHog, the traffic of Eppo, Datadog and Split. What the vendors compare inclusively is inclusive here. `None` where the
    /// product has no such part, or the salt is none of its.
    ///
    /// ```
    /// use nextbest::bucket::Scheme;
    /// assert_eq!(Scheme::Unleash.gate("groupX", "999", (25, 100)), Some(true));
    /// assert_eq!(Scheme::Unleash.gate("groupX", "999", (24, 100)), Some(false));
    /// ```
    pub fn gate(self, salt: &str, id: &str, (part, of): (u64, u64)) -> Option<bool> {
        let counted = |bucket: u32, parts: u32| counted(bucket, parts, &[(part, of)]).is_some();
        let up_to = |bucket: f64| bucket <= part as f64 / of as f64;
        match self {
            Scheme::GrowthBook1 => Some(up_to(growthbook1(salt, id))),
            Scheme::GrowthBook2 => Some(up_to(growthbook2(salt, id))),
            Scheme::PostHog => Some(up_to(posthog(salt, id, ""))),
            Scheme::Unleash => Some(counted(unleash(salt, id, 0, 100) - 1, 100)),
            Scheme::Eppo => Some(counted(md5(&format!("{salt}-{id}")) % 10_000, 10_000)),
            Scheme::Split => Some(counted(murmur3(id, split_seed(salt)?) % 100, 100)),
            Scheme::Flagd | Scheme::LaunchDarkly => None,
        }
    }

    /// Whether a text can be its salt: Split's is a number.
    pub fn takes(self, salt: &str) -> bool {
        self != Scheme::Split || split_seed(salt).is_some()
    }

    /// Which of some arms holds an id, by their shares in their order, each a numerator and the denominator they have in common; `None` if none does.
    ///
    /// ```
    /// use nextbest::bucket::Scheme;
    /// let halves = [(50, 100), (50, 100)];
    /// assert_eq!(Scheme::Eppo.arm("traffic-new-user-onboarding-experiment", "alice", &halves), Some(1));
    /// ```
    pub fn arm(self, salt: &str, id: &str, shares: &[(u64, u64)]) -> Option<usize> {
        match self {
            Scheme::GrowthBook1 => first_above(growthbook1(salt, id), shares),
            Scheme::GrowthBook2 => first_above(growthbook2(salt, id), shares),
            Scheme::LaunchDarkly => {
                let last = shares.len().checked_sub(1);
                first_above(sha1(&format!("{salt}.{id}")), shares).or(last)
            }
            Scheme::PostHog => first_above(posthog(salt, id, "variant"), shares),
            Scheme::Flagd => {
                let hash = u128::from(murmur3(&format!("{salt}{id}"), 0));
                // The bucket of W is below a whole cumulative weight exactly if the hash is below that share of 2^32.
                cumulative(shares).position(|(limit, of)| hash * u128::from(of) < (u128::from(limit) << 32))
            }
            Scheme::Unleash => counted(unleash(salt, id, UNLEASH_VARIANTS, 1_000) - 1, 1_000, shares),
            Scheme::Eppo => counted(md5(&format!("{salt}-{id}")) % 10_000, 10_000, shares),
            Scheme::Split => counted(murmur3(id, split_seed(salt)?) % 100, 100, shares),
        }
    }
}

/// The seed of what is not a rollout.
const UNLEASH_VARIANTS: u32 = 86_028_157;

fn growthbook1(seed: &str, id: &str) -> f64 {
    f64::from(fnv1a(&format!("{id}{seed}")) % 1_000) / 1_000.0
}

fn growthbook2(seed: &str, id: &str) -> f64 {
    f64::from(fnv1a(&fnv1a(&format!("{seed}{id}")).to_string()) % 10_000) / 10_000.0
}

fn posthog(key: &str, id: &str, salt: &str) -> f64 {
    sha1(&format!("{key}.{id}{salt}"))
}

/// From 1 on.
fn unleash(group: &str, id: &str, seed: u32, of: u32) -> u32 {
    murmur3(&format!("{group}:{id}"), seed).checked_rem(of).unwrap_or_default() + 1
}

fn split_seed(salt: &str) -> Option<u32> {
    salt.parse::<u32>().ok().or_else(|| salt.parse::<i32>().ok().map(i32::cast_unsigned))
}

/// The sums of shares up to each, with their denominator.
fn cumulative(shares: &[(u64, u64)]) -> impl Iterator<Item = (u64, u64)> {
    shares.iter().scan(0_u64, |sum, &(part, of)| {
        *sum = sum.saturating_add(part);
        Some((*sum, of))
    })
}

/// The first arm up to which so many parts, counted from 0, do not reach.
fn counted(bucket: u32, parts: u32, shares: &[(u64, u64)]) -> Option<usize> {
    let reaches = |(limit, of): (u64, u64)| u128::from(bucket) * u128::from(of) < u128::from(limit) * u128::from(parts);
    cumulative(shares).position(reaches)
}

/// The same in floats, added one by one as the vendors do, so that what falls between two numbers falls to the same side.
fn first_above(bucket: f64, shares: &[(u64, u64)]) -> Option<usize> {
    let mut sum = 0.0;
    shares.iter().position(|&(part, of)| {
        sum += part as f64 / of as f64;
        bucket < sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growthbook() {
        for (seed, value, n) in [("", "a", 0.22), ("", "b", 0.077), ("b", "a", 0.946), ("ef", "d", 0.652)] {
            assert_eq!(growthbook1(seed, value), n);
        }
        // As its specification of version 2 has them.
        for (seed, value, n) in
            [("seed", "a", 0.0505), ("seed", "b", 0.2696), ("foo", "ab", 0.2575), ("foo", "def", 0.2019)]
        {
            assert_eq!(growthbook2(seed, value), n);
        }
    }

    #[test]
    fn murmur3_at_its_edges() {
        for (key, hash) in [("ejOoVL", 0), ("bY9fO-", 1), ("SI7p-", 2_147_483_647), ("6LvT0", 2_147_483_648)] {
            assert_eq!(murmur3(key, 0), hash);
        }
    }

    #[test]
    fn gates_hold_what_their_vendors_let_in() {
        // Each where its own bucket is, and not one part before; what is compared inclusively holds at the very bucket.
        let edges = [
            (Scheme::Unleash, "gr1", "123", (73, 100), (72, 100)),
            (Scheme::Unleash, "AB12A", "122", (23, 100), (22, 100)),
            (Scheme::GrowthBook1, "", "a", (22, 100), (219, 1_000)),
            (Scheme::GrowthBook1, "b", "a", (946, 1_000), (945, 1_000)),
            (Scheme::GrowthBook2, "seed", "a", (505, 10_000), (504, 10_000)),
            (Scheme::PostHog, "simple-flag", "distinct_id_1", (34, 100), (33, 100)),
            (Scheme::PostHog, "simple-flag", "distinct_id_0", (78_370, 100_000), (78_369, 100_000)),
            (Scheme::Eppo, "traffic-new-user-onboarding-experiment", "alice", (5_278, 10_000), (5_277, 10_000)),
            (Scheme::Split, "467569525", "aUfEsdPN1twuEjff9Sl", (52, 100), (51, 100)),
            // What the tests of Split's own library let in, and what not.
            (Scheme::Split, "29", "a", (53, 100), (50, 100)),
            (Scheme::Split, "31", "a", (56, 100), (53, 100)),
            (Scheme::Split, "-1667452163", "aaaaaaklmnbv", (1, 100), (0, 100)),
            (Scheme::Split, "14", "a48", (100, 100), (99, 100)),
        ];
        for (scheme, salt, id, inside, outside) in edges {
            assert_eq!(scheme.gate(salt, id, inside), Some(true), "{scheme:?} {id}");
            assert_eq!(scheme.gate(salt, id, outside), Some(false), "{scheme:?} {id}");
        }
        assert_eq!(Scheme::Split.gate("five", "id", (1, 1)), None);
        for scheme in Scheme::ALL {
            assert_eq!(scheme.gate("7", "id", (1, 1)), scheme.has_gate().then_some(true));
        }
    }

    #[test]
    fn unleash_rollout_and_variants() {
        for (group, id, bucket) in
            [("gr1", "123", 73), ("groupX", "999", 25), ("AB12A", "122", 23), ("AB12A", "123", 51)]
        {
            assert_eq!(unleash(group, id, 0, 100), bucket);
        }
        for (group, id, of, bucket) in [
            ("gr1", "123", 100, 96),
            ("groupX", "999", 100, 60),
            ("Feature.Variants.B", "2", 2, 2),
            ("Feature.Variants.B", "0", 2, 1),
        ] {
            assert_eq!(unleash(group, id, UNLEASH_VARIANTS, of), bucket);
        }
    }

    #[test]
    fn eppo() {
        let salt = "traffic-new-user-onboarding-experiment";
        for (id, shard) in [("alice", 5277), ("bob", 9704), ("charlie", 3340), ("debra", 7551)] {
            assert_eq!(md5(&format!("{salt}-{id}")) % 10_000, shard);
            // Two arms that meet just before the shard, and just behind it.
            let shares = |below: u64| [(below, 10_000), (10_000 - below, 10_000)];
            assert_eq!(Scheme::Eppo.arm(salt, id, &shares(u64::from(shard))), Some(1));
            assert_eq!(Scheme::Eppo.arm(salt, id, &shares(u64::from(shard) + 1)), Some(0));
        }
    }

    #[test]
    fn launchdarkly_and_posthog() {
        for (prefix, key, bucket) in [
            ("hashKey.saltyA", "userKeyA", 0.421_575_874_339_249_4),
            ("hashKey.saltyA", "userKeyB", 0.670_848_496_570_343_5),
            ("hashKey.saltyA", "userKeyC", 0.103_431_061_727_696_9),
            ("61", "userKeyA", 0.098_012_065_247_666_7),
        ] {
            assert_eq!(sha1(&format!("{prefix}.{key}")), bucket);
        }
        for (id, h) in [
            ("distinct_id_0", 0.783_696_376_422_043_2),
            ("distinct_id_1", 0.339_706_992_699_540_1),
            ("distinct_id_2", 0.372_043_435_023_905_2),
            ("distinct_id_3", 0.907_621_802_792_811_2),
        ] {
            assert_eq!(posthog("simple-flag", id, ""), h);
        }
    }

    #[test]
    fn split() {
        for (key, hash, bucket) in [
            ("aUfEsdPN1twuEjff9Sl", 2_488_980_051, 52),
            ("EPxM1cYQnL4AuqD", 397_339_578, 79),
            ("cMQGLKXz", 1_405_947, 48),
            ("ddUcCegzwUCJmX5", 2_677_457_242, 43),
        ] {
            assert_eq!((murmur3(key, 467_569_525), murmur3(key, 467_569_525) % 100 + 1), (hash, bucket));
            // The first whose cumulative weight is at least the bucket.
            let shares = |first: u64| [(first, 100), (100 - first, 100)];
            assert_eq!(Scheme::Split.arm("467569525", key, &shares(bucket.into())), Some(0));
            assert_eq!(Scheme::Split.arm("467569525", key, &shares(u64::from(bucket) - 1)), Some(1));
        }
        assert!(Scheme::Split.takes("-5") && !Scheme::Split.takes("five") && Scheme::Eppo.takes("five"));
        assert_eq!(Scheme::Split.arm("five", "id", &[(1, 1)]), None);
    }

    #[test]
    fn flagd() {
        let quarters = [(25, 100); 4];
        for (key, arm) in [("jack", 2), ("queen", 3), ("ten", 0)] {
            assert_eq!(Scheme::Flagd.arm("fractional-flag", key, &quarters), Some(arm));
        }
    }

    #[test]
    fn shares_are_met_and_the_ends_are_nobody_and_everybody() {
        for scheme in Scheme::ALL {
            let arm = |id: usize, shares: &[(u64, u64)]| scheme.arm("77", &format!("customer-{id}"), shares);
            let first = (0..10_000).filter(|&id| arm(id, &[(30, 100), (70, 100)]) == Some(0)).count();
            assert!((2_700..3_300).contains(&first), "{scheme:?}: {first} of 10,000, where 3,000 are expected");
            assert!((0..1_000).all(|id| arm(id, &[(0, 100), (100, 100)]) == Some(1)), "{scheme:?}");
            assert!((0..1_000).all(|id| arm(id, &[(100, 100), (0, 100)]) == Some(0)), "{scheme:?}");
            assert_eq!(arm(0, &[]), None);
        }
    }
}
