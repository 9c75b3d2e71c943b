//! The draws of `explore`, from the text of the papers and of docs/decisions.md.

use nextbest::bucket::bucket;

/// The numbers of a stream: SplitMix64.
pub struct Stream {
    state: u64,
}

impl Stream {
    /// That of an action in a slot.
    pub fn of(seed: &str, slot: usize, action: &str, id: &str) -> Self {
        Stream { state: bucket(&["explore", seed, &slot.to_string(), action], id) }
    }

    pub fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e3779b97f4a7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        let z = z ^ (z >> 31);
        ((z / 4096) as f64 + 0.5) / 4503599627370496.0
    }

    pub fn gumbel(&mut self) -> f64 {
        -libm::log(-libm::log(self.uniform()))
    }

    fn normal(&mut self) -> f64 {
        let (one, other) = (self.uniform(), self.uniform());
        (-2.0 * libm::log(one)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * other)
    }

    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let power = libm::pow(self.uniform(), 1.0 / shape);
            return self.gamma(shape + 1.0) * power;
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = self.normal();
            let cube = {
                let root = 1.0 + 1.0 / (9.0 * d).sqrt() * x;
                root * root * root
            };
            if cube > 0.0 && libm::log(self.uniform()) < 0.5 * x * x + d - d * cube + d * libm::log(cube) {
                return d * cube;
            }
        }
    }

    /// A chance of success after so many successes and failures.
    pub fn beta(&mut self, successes: f64, failures: f64) -> f64 {
        if successes <= 0.0 {
            return if failures > 0.0 { 0.0 } else { 1.0 };
        }
        if failures <= 0.0 {
            return 1.0;
        }
        let x = self.gamma(successes);
        let y = self.gamma(failures);
        if x + y == 0.0 { successes / (successes + failures) } else { x / (x + y) }
    }
}
