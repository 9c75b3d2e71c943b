//! How other products draw, written down from their published formulas and vectors, with nothing of the engine's but the names.
//!
//! A bucket is as its product counts it, from 0 or from 1, and compared as the product compares it.

use md5::Digest;
use nextbest::bucket::Scheme;

/// Which of some arms holds an id, by their weights and what the weights are parts of.
pub fn arm(scheme: Scheme, salt: &str, id: &str, weights: &[(u64, u64)]) -> Option<usize> {
    let of = weights[0].1;
    // The weights of the arms up to each, in whole numbers and in floats.
    let mut sums: Vec<u64> = Vec::new();
    let mut limits: Vec<f64> = Vec::new();
    for (weight, of) in weights {
        sums.push(sums.last().copied().unwrap_or(0) + weight);
        limits.push(limits.last().copied().unwrap_or(0.0) + *weight as f64 / *of as f64);
    }
    // What a product counts in so many parts, in those.
    let parts = |n: u64| -> Vec<u64> { sums.iter().map(|sum| sum * n / of).collect() };
    match scheme {
        Scheme::GrowthBook1 | Scheme::GrowthBook2 => {
            let n = growthbook(scheme, salt, id);
            limits.iter().position(|&limit| n < limit)
        }
        Scheme::LaunchDarkly => {
            let n = hexadecimals(&format!("{salt}.{id}"));
            Some(limits.iter().position(|&limit| n < limit).unwrap_or(weights.len() - 1))
        }
        Scheme::PostHog => {
            let n = hexadecimals(&format!("{salt}.{id}variant"));
            limits.iter().position(|&limit| n < limit)
        }
        Scheme::Flagd => {
            let bucket = (u64::from(murmur(&format!("{salt}{id}"), 0)) * of) >> 32;
            sums.iter().position(|&sum| bucket < sum)
        }
        Scheme::Unleash => {
            let target = u64::from(murmur(&format!("{salt}:{id}"), 86_028_157)) % 1_000 + 1;
            parts(1_000).iter().position(|&sum| sum >= target)
        }
        Scheme::Eppo => {
            let shard = shard(salt, id);
            parts(10_000).iter().position(|&end| shard < end)
        }
        Scheme::Split => {
            let bucket = split(salt, id);
            parts(100).iter().position(|&sum| sum >= bucket)
        }
        other => panic!("no formula for {other:?}"),
    }
}

/// Whether an id is in a part of so many of so many.
pub fn gate(scheme: Scheme, salt: &str, id: &str, (part, of): (u64, u64)) -> bool {
    let share = part as f64 / of as f64;
    match scheme {
        Scheme::GrowthBook1 | Scheme::GrowthBook2 => growthbook(scheme, salt, id) <= share,
        Scheme::PostHog => hexadecimals(&format!("{salt}.{id}")) <= share,
        Scheme::Unleash => u64::from(murmur(&format!("{salt}:{id}"), 0)) % 100 < part * 100 / of,
        Scheme::Eppo => shard(salt, id) < part * 10_000 / of,
        Scheme::Split => split(salt, id) <= part * 100 / of,
        other => panic!("{other:?} has no such part"),
    }
}

fn growthbook(scheme: Scheme, seed: &str, value: &str) -> f64 {
    match scheme {
        Scheme::GrowthBook1 => f64::from(fnv(&format!("{value}{seed}")) % 1_000) / 1_000.0,
        _ => f64::from(fnv(&fnv(&format!("{seed}{value}")).to_string()) % 10_000) / 10_000.0,
    }
}

/// 15 hexadecimal digits of a SHA-1 over the greatest number that has so many.
fn hexadecimals(text: &str) -> f64 {
    let digest = sha1::Sha1::digest(text.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    u64::from_str_radix(&digits[..15], 16).unwrap() as f64 / 0x0FFF_FFFF_FFFF_FFFF_u64 as f64
}

fn shard(salt: &str, id: &str) -> u64 {
    let digest = md5::Md5::digest(format!("{salt}-{id}").as_bytes());
    digest.iter().take(4).fold(0, |number, &byte| number * 256 + u64::from(byte)) % 10_000
}

/// From 1 to 100.
fn split(seed: &str, key: &str) -> u64 {
    let seed: i64 = seed.parse().unwrap();
    u64::from(murmur(key, seed as u32)) % 100 + 1
}

fn fnv(text: &str) -> u32 {
    let mut hash: u64 = 2_166_136_261;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)) * 16_777_619 % (1 << 32);
    }
    hash as u32
}

/// MurmurHash3, x86, 32 bits.
fn murmur(text: &str, seed: u32) -> u32 {
    let scrambled = |chunk: &[u8]| {
        let mut word = 0u32;
        for (place, &byte) in chunk.iter().enumerate() {
            word |= u32::from(byte) << (8 * place);
        }
        word.wrapping_mul(0xCC9E_2D51).rotate_left(15).wrapping_mul(0x1B87_3593)
    };
    let mut hash = seed;
    for chunk in text.as_bytes().chunks(4) {
        hash ^= scrambled(chunk);
        if chunk.len() == 4 {
            hash = hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xE654_6B64);
        }
    }
    hash ^= text.len() as u32;
    for (shift, factor) in [(16, 0x85EB_CA6B), (13, 0xC2B2_AE35)] {
        hash ^= hash >> shift;
        hash = hash.wrapping_mul(factor);
    }
    hash ^ (hash >> 16)
}

#[test]
fn the_formulas_give_what_the_vendors_publish() {
    for (seed, value, n) in [("", "a", 0.22), ("", "b", 0.077), ("b", "a", 0.946), ("ef", "d", 0.652)] {
        assert_eq!(growthbook(Scheme::GrowthBook1, seed, value), n);
    }
    for (group, id, bucket) in [("gr1", "123", 73), ("groupX", "999", 25), ("AB12A", "122", 23)] {
        assert_eq!(murmur(&format!("{group}:{id}"), 0) % 100 + 1, bucket);
    }
    for (key, hash) in [("ejOoVL", 0), ("bY9fO-", 1), ("SI7p-", 2_147_483_647), ("6LvT0", 2_147_483_648)] {
        assert_eq!(murmur(key, 0), hash);
    }
    assert_eq!(shard("traffic-new-user-onboarding-experiment", "alice"), 5_277);
    assert_eq!(hexadecimals("hashKey.saltyA.userKeyA"), 0.421_575_874_339_249_4);
    assert_eq!(hexadecimals("simple-flag.distinct_id_1"), 0.339_706_992_699_540_1);
    assert_eq!(split("467569525", "aUfEsdPN1twuEjff9Sl"), 52);
    let quarters = [(25, 100); 4];
    for (input, arm) in [("jack", 2), ("queen", 3), ("ten", 0)] {
        assert_eq!(super::scheme::arm(Scheme::Flagd, "fractional-flag", input, &quarters), Some(arm));
    }
}
