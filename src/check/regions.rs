//! Regions by name: with their corners in a file, and those that the program brings.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::Checker;
use super::tree::{Constant, Kind};
use super::words;
use super::world::World;
use crate::diagnostic::{Code, Diagnostic, Lint, Span, nearest};
use crate::geo::{Point, Region, RegionError};
use crate::syntax::ast::{Expr, ExprKind, Name, Outline, Statement, StatementKind};

/// The regions in force.
#[derive(Default)]
pub(super) struct Regions(BTreeMap<String, Known>);

/// What is known of a region.
struct Known {
    /// `None`: declared in a way that has been reported.
    region: Option<Arc<Region>>,
    /// Where it is named with its corners.
    name: Option<Span>,
    /// Whether a rule has asked for it.
    used: Cell<bool>,
}

impl Regions {
    /// The regions of files and of the program. What is wrong with the corners of one is told once, here.
    pub fn of<'a>(
        statements: impl Iterator<Item = &'a Statement>,
        world: &World,
        out: &mut Vec<Diagnostic>,
    ) -> Regions {
        let known = |region, name| Known { region, name, used: Cell::new(false) };
        let brought = world.shape.regions.iter();
        let mut regions: BTreeMap<String, Known> =
            brought.map(|(name, region)| (name.clone(), known(Some(Arc::clone(region)), None))).collect();
        for statement in statements {
            let StatementKind::Region { name, outline } = &statement.node else { continue };
            let brought = regions.get(&name.node).is_some_and(|known| known.name.is_none());
            let region = match outline {
                None if brought => continue,
                // The difference from the program has been reported.
                None => None,
                Some(_) if brought => {
                    let message = format!("the program brings a region `{}` itself", name.node);
                    out.push(
                        Diagnostic::error(Code::SchemaDifference, name.span, message)
                            .label("declared with corners of its own here")
                            .help("leave out the corners, or choose another name"),
                    );
                    None
                }
                Some(outline) => region(name, outline, world, out).map(Arc::new),
            };
            regions.insert(name.node.clone(), known(region, Some(name.span)));
        }
        Regions(regions)
    }

    /// A region by name; `None` if what is wrong with it has been reported, now or before.
    pub fn named(&self, name: &Name, out: &mut Vec<Diagnostic>) -> Option<Arc<Region>> {
        match self.0.get(&name.node) {
            Some(known) => {
                known.used.set(true);
                known.region.clone()
            }
            None => {
                out.push(self.unknown(name));
                None
            }
        }
    }

    fn unknown(&self, name: &Name) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no region \"{}\"", name.node));
        let names = || self.0.keys().map(String::as_str);
        let label = match self.0.is_empty() {
            true => "no regions are declared".to_owned(),
            false => format!("the regions are {}", words::names(names())),
        };
        match nearest(&name.node, names()) {
            Some(near) => {
                error.label(label).help(format!("did you mean \"{near}\"?")).suggest(name.span, format!("\"{near}\""))
            }
            None => error.label(label),
        }
    }

    /// Regions with corners that nothing refers to.
    pub fn unused(&self, out: &mut Vec<Diagnostic>) {
        for (name, known) in &self.0 {
            if let (Some(span), false) = (known.name, known.used.get()) {
                let message = format!("no rule uses the region `{name}`");
                out.push(
                    Diagnostic::warning(Lint::UnusedDefinition, span, message).label("nothing is looked for in it"),
                );
            }
        }
    }
}

/// A region of the corners that are written, or what is wrong with them.
fn region(name: &Name, outline: &Outline, world: &World, out: &mut Vec<Diagnostic>) -> Option<Region> {
    let corners = points(&outline.corners, world, out);
    let holes: Vec<_> = outline.holes.iter().map(|hole| points(&hole.node, world, out)).collect();
    let mut region = match Region::new(corners?) {
        Ok(region) => region,
        Err(problem) => {
            out.push(refused(problem, name.span, &outline.corners));
            return None;
        }
    };
    for (hole, written) in holes.into_iter().zip(&outline.holes) {
        region = match region.without(hole?) {
            Ok(region) => region,
            Err(problem) => {
                out.push(refused(problem, written.span, &written.node));
                return None;
            }
        };
    }
    Some(region)
}

fn points(corners: &[Expr], world: &World, out: &mut Vec<Diagnostic>) -> Option<Vec<Point>> {
    // All are checked before any failure counts, so that all problems are told at once.
    let points: Vec<Option<Point>> = corners.iter().map(|corner| point(corner, world, out)).collect();
    points.into_iter().collect()
}

fn point(corner: &Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<Point> {
    let written = matches!(&corner.node, ExprKind::Call { name, .. } if name.node == "point");
    let checked = if written { Some(Checker::new(world, out).value(corner, None)?) } else { None };
    if let Some(Kind::Constant(Constant::Point(point))) = checked.map(|checked| checked.kind) {
        return Some(point);
    }
    out.push(
        Diagnostic::error(Code::TypeMismatch, corner.span, "the corners of a region are fixed points")
            .help("write the latitude and the longitude of each, as in `point(48.8566, 2.3522)`"),
    );
    None
}

fn refused(problem: RegionError, whole: Span, corners: &[Expr]) -> Diagnostic {
    let at = |index: usize| corners.get(index).map_or(whole, |corner| corner.span);
    let error = |span, message: &str| Diagnostic::error(Code::BadRegion, span, message);
    match problem {
        RegionError::TooFew => error(whole, "a region, or a hole, has at least three corners")
            .label(match corners.len() {
                0 => "none here",
                1 => "only one here",
                _ => "only two here",
            })
            .help("for all around one point, write `is within 10 km of …`"),
        RegionError::Repeated { first, again } => {
            let error = error(at(again), "this corner has been named before").related(at(first), "first here");
            match first == 0 && again + 1 == corners.len() {
                true => error
                    .label("the first one again")
                    .help("leave it out: the last corner is joined to the first by itself")
                    .suggest(at(again), ""),
                false => error.label("again here").help("go round the region once, naming every corner once"),
            }
        }
        RegionError::Flat => error(whole, "all corners lie on one line").label("nothing is inside of it"),
        RegionError::TooLong { from } => {
            let to = if from + 1 == corners.len() { 0 } else { from + 1 };
            error(at(to), "this side goes more than half way round the Earth")
                .label("to here")
                .related(at(from), "from here")
                .help(
                    "a region across longitude 180° is written as two that meet there, one up to 180.0 and one from \
                     -180.0: `home is inside \"west\" or home is inside \"east\"`",
                )
        }
        RegionError::Outside => error(whole, "this hole lies outside of the region").label("nothing to cut out"),
    }
}
