//! Programs, campaigns and actions by number, so that what is about one of them is found without comparing paths.

use rustc_hash::FxHashMap;

use crate::check::tree::Rules;
use crate::syntax::ast::Level;

/// A program, a campaign or an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Scope {
    pub number: usize,
}

/// Every program, campaign and action.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    /// Asked of every contact of every decision; the names are the rules' own, so that nobody can choose them to collide.
    numbers: FxHashMap<String, usize>,
    /// What each is part of, from the program down to itself; behind that of a bundle, those of its members that it is not part of.
    whole: Vec<Vec<Scope>>,
}

/// An action with what it is part of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lineage {
    pub program: Scope,
    pub campaign: Scope,
    pub action: Scope,
}

impl Lineage {
    /// Its scope on a level.
    pub fn on(self, level: Level) -> Scope {
        match level {
            Level::Action => self.action,
            Level::Campaign => self.campaign,
            Level::Program => self.program,
        }
    }
}

impl Scopes {
    pub fn of(rules: &Rules) -> Self {
        let mut scopes = Scopes::default();
        for program in &rules.programs {
            for campaign in &program.campaigns {
                for action in &campaign.actions {
                    scopes.add(&program.name, &campaign.name, &action.name);
                }
            }
        }
        for (path, _, action) in rules.actions() {
            scopes.bundle(&path, &action.members);
        }
        scopes
    }

    /// What is about a bundle is about its members.
    fn bundle(&mut self, path: &str, members: &[String]) {
        for member in members {
            let of: Vec<Scope> = self.find(member).to_vec();
            let bundle = self.numbers.get(path).and_then(|&number| self.whole.get_mut(number));
            let Some(bundle) = bundle else { continue };
            let new: Vec<Scope> = of.into_iter().filter(|scope| !bundle.contains(scope)).collect();
            bundle.extend(new);
        }
    }

    /// An action and what it is part of, as far as that has no number yet.
    fn add(&mut self, program: &str, campaign: &str, action: &str) {
        let campaign_path = format!("{program}.{campaign}");
        let action_path = format!("{campaign_path}.{action}");
        let program = self.number(program.to_owned(), &[]);
        let campaign = self.number(campaign_path, &[program]);
        self.number(action_path, &[program, campaign]);
    }

    fn number(&mut self, path: String, whole: &[Scope]) -> Scope {
        let next = self.whole.len();
        let scope = Scope { number: *self.numbers.entry(path).or_insert(next) };
        if scope.number == next {
            self.whole.push(whole.iter().copied().chain([scope]).collect());
        }
        scope
    }

    /// The scopes of an action that is among them.
    pub fn around(&self, action: &str) -> Lineage {
        match *self.find(action) {
            [program, campaign, action, ..] => Lineage { program, campaign, action },
            _ => Lineage::default(),
        }
    }

    /// All that a path is part of, the program first, and what its members are, if it is a bundle; what the rules do not know is part of what they know of it.
    pub fn find(&self, path: &str) -> &[Scope] {
        // Behind a bracket stands the id of a row, whatever that is made of.
        let mut known = path.split_once('[').map_or(path, |(action, _)| action);
        loop {
            if let Some(whole) = self.numbers.get(known).and_then(|&number| self.whole.get(number)) {
                return whole;
            }
            match known.rsplit_once('.') {
                Some((whole, _)) => known = whole,
                None => return &[],
            }
        }
    }

    pub fn len(&self) -> usize {
        self.whole.len()
    }
}
