//! Cases from a seed: a world, rules about it as text, and customers that live on the edges of those rules.

#[allow(dead_code, reason = "decisions have a test file of their own")]
pub mod catalogue;
pub mod clock;
pub mod condition;
mod people;
mod rng;
mod rules;
#[allow(dead_code, reason = "decisions have a test file of their own")]
pub mod sampling;
pub mod world;
mod worth;
mod write;

pub use rng::Rng;

use nextbest::Zone;

use super::customer::Situation;
use condition::Condition;
use world::World;

/// Rules and the situations to judge by them.
#[derive(Debug, Clone)]
pub struct Case {
    pub seed: u64,
    pub world: World,
    pub definitions: Vec<Definition>,
    pub situations: Vec<Situation>,
}

/// A statement that names something.
#[derive(Debug, Clone)]
pub struct Definition {
    pub name: String,
    pub zone: Option<Zone>,
    pub body: Body,
}

/// What follows the name.
#[derive(Debug, Clone)]
pub enum Body {
    Segment(Condition),
    /// What a `let`, `score` or `group` says, written out.
    Other {
        keyword: &'static str,
        text: String,
    },
}

/// How much to generate per case.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub segments: u64,
    pub situations: u64,
    pub depth: u32,
}

impl Default for Size {
    fn default() -> Self {
        Size { segments: 10, situations: 16, depth: 8 }
    }
}

impl Case {
    /// The case of a seed: always the same.
    pub fn of(seed: u64, size: Size) -> Self {
        let mut rng = Rng::new(seed);
        let world = World::any(&mut rng);
        let moments: Vec<_> = (0..4).map(|_| clock::any_now(&mut rng, &world)).collect();
        let definitions = rules::any(&mut rng, &world, moments[0], size);
        let situation = |i: u64, rng: &mut Rng| people::any(rng, &world, moments[(i % 4) as usize]);
        let mut situations: Vec<Situation> = (0..size.situations).map(|i| situation(i, &mut rng)).collect();
        people::gather(&mut rng, &world, moments[3], &mut situations);
        Case { seed, world, definitions, situations }
    }

    /// The rule file.
    pub fn text(&self) -> String {
        let definitions: Vec<String> = self.definitions.iter().map(Definition::text).collect();
        format!("{}\n{}\n", self.world.text(), definitions.join("\n"))
    }

    /// The same case with every segment's condition changed by `f`.
    pub fn with_conditions(&self, mut f: impl FnMut(&Condition) -> Condition) -> Case {
        let mut case = self.clone();
        for definition in &mut case.definitions {
            if let Body::Segment(condition) = &mut definition.body {
                *condition = f(condition);
            }
        }
        case
    }

    /// One definition with those it refers to, in one situation.
    pub fn only(&self, definition: &str, situation: usize) -> Case {
        let mut case = self.clone();
        case.situations = vec![self.situations[situation].clone()];
        let mut needed = String::from(definition);
        for definition in self.definitions.iter().rev() {
            if needed.contains(&definition.name) {
                needed += &definition.text();
            }
        }
        case.definitions.retain(|definition| needed.contains(&definition.name));
        case
    }
}

impl Definition {
    fn text(&self) -> String {
        let zone = self.zone.map(|zone| format!(" in zone \"{}\"", zone.name())).unwrap_or_default();
        match &self.body {
            Body::Segment(condition) => {
                let doc = if self.name.ends_with("0_") { " \"Says what it is\"" } else { "" };
                format!("segment {}{doc}{zone} when {condition}", self.name)
            }
            Body::Other { keyword, text } => format!("{keyword} {}{zone} {text}", self.name),
        }
    }
}
