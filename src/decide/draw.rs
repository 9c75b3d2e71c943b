//! Draws from distributions: streams of them, each begun by a hash, the same on every platform.
//!
//! Logarithms, powers and cosines come from the pinned `libm`, as everything does that a decision may turn on; crates of
//! distributions take the platform's.

use std::f64::consts::PI;

use crate::bucket::SplitMix;

/// A stream of draws.
#[derive(Debug, Clone)]
pub(super) struct Stream(SplitMix);

impl Stream {
    pub fn new(seed: u64) -> Self {
        Stream(SplitMix::new(seed))
    }

    /// Above 0 and below 1: the middle of one of 2^52 parts.
    pub fn uniform(&mut self) -> f64 {
        const PARTS: f64 = (1_u64 << 52) as f64;
        ((self.0.bits() >> 12) as f64 + 0.5) / PARTS
    }

    /// The greatest of several numbers, each with such a one added, is each of them with a probability by its exponential.
    pub fn gumbel(&mut self) -> f64 {
        -libm::log(-libm::log(self.uniform()))
    }

    /// By the transform of Box and Muller.
    fn normal(&mut self) -> f64 {
        let length = (-2.0 * libm::log(self.uniform())).sqrt();
        length * libm::cos(2.0 * PI * self.uniform())
    }

    /// By the method of Marsaglia and Tsang (*A simple method for generating gamma variables*, 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        // It takes shapes from 1; smaller ones are made of those.
        let (shape, factor) =
            if shape < 1.0 { (shape + 1.0, libm::pow(self.uniform(), 1.0 / shape)) } else { (shape, 1.0) };
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        // More than nineteen of twenty are taken at once.
        for _ in 0..64 {
            let x = self.normal();
            let v = 1.0 + c * x;
            let v = v * v * v;
            if v > 0.0 && libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v * factor;
            }
        }
        d * factor
    }

    /// A chance that is known by so many successes and failures, none of which need be whole numbers.
    pub fn beta(&mut self, successes: f64, failures: f64) -> f64 {
        if successes <= 0.0 || failures <= 0.0 {
            return if failures > 0.0 { 0.0 } else { 1.0 };
        }
        let (x, y) = (self.gamma(successes), self.gamma(failures));
        // Of two that are too small to be told from 0 the mean is as good as any.
        if x + y > 0.0 { x / (x + y) } else { successes / (successes + failures) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As its authors' program prints them.
    #[test]
    fn the_stream_is_splitmix64() {
        let mut stream = Stream::new(1_234_567);
        let bits: Vec<u64> = (0..3).map(|_| stream.0.bits()).collect();
        assert_eq!(bits, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    /// Mean and variance of 20,000 draws.
    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let drawn: Vec<f64> = (0..20_000).map(|_| draw()).collect();
        let count = drawn.len() as f64;
        let mean = drawn.iter().sum::<f64>() / count;
        (mean, drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count)
    }

    fn near(found: (f64, f64), mean: f64, variance: f64) {
        let close = (found.0 - mean).abs() < 5.0 * (variance / 20_000.0).sqrt() + 1e-12;
        assert!(close && (found.1 - variance).abs() < 0.1 * variance, "{found:?}, not {mean} and {variance}");
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut stream = Stream::new(7);
        near(moments(|| stream.uniform()), 0.5, 1.0 / 12.0);
        near(moments(|| stream.gumbel()), 0.577_215_664_9, PI * PI / 6.0);
        for shape in [0.3, 1.0, 2.5, 400.0] {
            near(moments(|| stream.gamma(shape)), shape, shape);
        }
        for (a, b) in [(0.5, 0.5), (2.0, 8.0), (0.4, 19.6), (300.0, 700.0)] {
            let sum: f64 = a + b;
            near(moments(|| stream.beta(a, b)), a / sum, a * b / (sum * sum * (sum + 1.0)));
        }
    }

    #[test]
    fn what_is_known_for_certain_is_not_drawn() {
        let mut stream = Stream::new(7);
        assert_eq!([stream.beta(0.0, 5.0), stream.beta(5.0, 0.0), stream.beta(0.0, 0.0)], [0.0, 1.0, 1.0]);
        assert!((0..1000).all(|_| (0.0..=1.0).contains(&stream.beta(1e-9, 1e-9))));
    }
}
