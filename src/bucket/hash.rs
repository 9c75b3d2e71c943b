//! The hashes of other schemes, over bytes of UTF-8.

use md5::Md5;
use sha1::Sha1;
use sha2::Digest;

/// FNV-1a of 32 bits.
pub(super) fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// `MurmurHash3_x86_32` of Austin Appleby, which is in the public domain. What crates offer reads from files, and may fail.
pub(super) fn murmur3(text: &str, seed: u32) -> u32 {
    let mix = |block: u32| block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let bytes = text.as_bytes();
    let (blocks, rest) = bytes.as_chunks::<4>();
    let mut hash = seed;
    for &block in blocks {
        hash = (hash ^ mix(u32::from_le_bytes(block))).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let tail = rest.iter().rev().fold(0, |tail, &byte| (tail << 8) | u32::from(byte));
    hash ^= mix(tail);
    // The length is taken modulo 2^32.
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// The first four bytes of an MD5.
pub(super) fn md5(text: &str) -> u32 {
    let [a, b, c, d, ..] = <[u8; 16]>::from(Md5::digest(text));
    u32::from_be_bytes([a, b, c, d])
}

/// The first 15 hexadecimal digits of a SHA-1, as a share of the greatest there is.
pub(super) fn sha1(text: &str) -> f64 {
    const GREATEST: f64 = 0x0fff_ffff_ffff_ffff_u64 as f64;
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 20]>::from(Sha1::digest(text));
    (u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 4) as f64 / GREATEST
}
