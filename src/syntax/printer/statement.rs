//! Statements other than programs.

use super::Printer;
use super::expr::compare;
use crate::syntax::ast::{
    Band, Cell, Direction, Expr, Field, GroupRow, Name, Outline, Party, Provenance, Setting, Spanned, StageRow,
    StatementKind, TypeKind,
};
use crate::syntax::level::Level;

impl Printer {
    pub fn statement(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::Ruleset { name, settings } => {
                self.show(format_args!("ruleset {}", name.node));
                self.block(settings, Self::setting);
            }
            StatementKind::Profile { fields } => {
                self.put("profile");
                self.block(fields, Self::field);
            }
            StatementKind::Context { fields } => {
                self.put("context");
                self.block(fields, Self::field);
            }
            StatementKind::Event { name, fields } => {
                self.show(format_args!("event {}", name.node));
                self.block(fields, Self::field);
            }
            StatementKind::Catalog { name, fields } => {
                self.show(format_args!("catalog {}", name.node));
                self.block(fields, Self::field);
            }
            StatementKind::EventGroup { name, members } => {
                let members: Vec<&str> = members.iter().map(|member| member.node.as_str()).collect();
                self.show(format_args!("event {} = {}", name.node, members.join(" | ")));
            }
            StatementKind::List { name, values } => {
                self.show(format_args!("list {}", name.node));
                if let Some(values) = values {
                    self.put(" ");
                    self.bracketed("[", values, "]");
                }
            }
            StatementKind::Region { name, outline } => {
                self.show(format_args!("region {}", name.node));
                if let Some(outline) = outline {
                    self.outline(outline);
                }
            }
            StatementKind::Let { name, zone, value } => {
                self.show(format_args!("let {}", name.node));
                self.zone(zone);
                self.put(" = ");
                self.condition(value, "  ");
            }
            StatementKind::Score { name, zone, subject, bands, otherwise } => {
                self.score(name, zone, subject, bands, otherwise);
            }
            StatementKind::Group { name, on, rows, otherwise } => self.group(name, on, rows, otherwise.as_ref()),
            StatementKind::Stages { name, zone, rows } => {
                self.show(format_args!("stages {}", name.node));
                self.zone(zone);
                self.block(rows, Self::stage_row);
            }
            StatementKind::Segment { name, doc, zone, when } => {
                self.show(format_args!("segment {}", name.node));
                if let Some(doc) = doc {
                    self.put(" ");
                    self.text(doc);
                }
                self.zone(zone);
                self.put(" when ");
                self.condition(when, "  ");
            }
            StatementKind::Channel { name, direction, consent, cost, slots } => {
                let word = if *direction == Direction::Inbound { "inbound" } else { "outbound" };
                self.show(format_args!("channel {} {word}", name.node));
                if let Some(path) = consent {
                    self.show(format_args!(" needs consent {}.{}", path.channel.node, path.purpose.node));
                }
                if let Some(cost) = cost {
                    self.put(" cost ");
                    self.at(cost, Level::Add);
                }
                if !slots.is_empty() {
                    self.put(" { ");
                    self.list(slots, "  ", |printer, slot| {
                        printer.show(format_args!("slot {} {}", slot.name.node, slot.capacity.node));
                    });
                    self.put(" }");
                }
            }
            StatementKind::Policy { name, lines } => {
                self.show(format_args!("policy {}", name.node));
                self.block(lines, |printer, line| printer.policy_line(&line.node));
            }
            StatementKind::Tiers { order } => {
                self.put("tiers ");
                self.list(order, " > ", Self::name);
            }
            StatementKind::Holdout { name, share, salt, except } => {
                self.show(format_args!("holdout {} {}%", name.node, share.node));
                if let Some(salt) = salt {
                    self.put(" salt ");
                    self.text(salt);
                }
                if !except.is_empty() {
                    self.put(" except ");
                    self.list(except, ", ", |printer, path| printer.list(&path.node, ".", Self::name));
                }
            }
            StatementKind::Explore(exploration) => self.explore(exploration),
            StatementKind::Objective { name, aims, weights } => self.objective(name, aims, weights),
            StatementKind::Priority { value } => {
                self.put("priority ");
                self.condition(value, "  ");
            }
            StatementKind::Threshold { value } => {
                self.put("threshold priority >= ");
                self.condition(value, "  ");
            }
            StatementKind::Clause(clause) => self.rule(clause, ""),
            StatementKind::Program { name, clauses, exceptions, campaigns } => {
                self.program(name, clauses, exceptions, campaigns);
            }
            StatementKind::Test { name, lines, cases } => self.test(name, lines, cases),
            StatementKind::Check(check) => self.check(check),
        }
    }

    /// One item a line between braces.
    pub(super) fn block<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if items.is_empty() {
            return self.put(" {}");
        }
        self.put(" {\n");
        for item in items {
            self.put("  ");
            each(self, item);
            self.put("\n");
        }
        self.put("}");
    }

    /// A corner a line; the lines of a hole stand further in.
    fn outline(&mut self, outline: &Outline) {
        self.put(" {\n");
        self.corners("  ", &outline.corners);
        for hole in &outline.holes {
            self.put("  hole {\n");
            self.corners("    ", &hole.node);
            self.put("  }\n");
        }
        self.put("}");
    }

    fn corners(&mut self, indent: &str, corners: &[Expr]) {
        for corner in corners {
            self.put(indent);
            self.at(corner, Level::Add);
            self.put("\n");
        }
    }

    pub(super) fn zone(&mut self, zone: &Option<Name>) {
        if let Some(zone) = zone {
            self.put(" in zone ");
            self.text(zone);
        }
    }

    fn setting(&mut self, setting: &Spanned<Setting>) {
        match &setting.node {
            Setting::Zone(zone) => {
                self.put("zone ");
                self.text(zone);
            }
            Setting::WeekStarts(day) => self.show(format_args!("week starts {}", day.node)),
            Setting::Currency(code) => self.show(format_args!("currency {}", code.node)),
            Setting::LeapDay(day) => self.show(format_args!("leap day falls on {}", day.node)),
            Setting::Hemisphere(half) => self.show(format_args!("hemisphere {}", half.node)),
        }
    }

    fn field(&mut self, field: &Field) {
        self.name(&field.name);
        self.put(" ");
        self.type_name(&field.ty.node);
        if field.optional {
            self.put("?");
        }
        if field.nocase {
            self.put(" nocase");
        }
        if field.pii {
            self.put(" pii");
        }
        if let Some(provenance) = &field.provenance {
            self.provenance(&provenance.node);
        }
    }

    fn provenance(&mut self, provenance: &Provenance) {
        self.put(match provenance.party {
            Party::FirstParty => " from first_party",
            Party::SecondParty => " from second_party",
            Party::ThirdParty => " from third_party",
        });
        if let Some(source) = &provenance.source {
            self.put(" ");
            self.text(source);
        }
        if let Some(purpose) = &provenance.purpose {
            self.show(format_args!(" for {}", purpose.node));
        }
        if let Some(fresh) = &provenance.fresh {
            self.put(" fresh ");
            self.duration(&fresh.node);
        }
    }

    fn type_name(&mut self, ty: &TypeKind) {
        match ty {
            TypeKind::Bool => self.put("bool"),
            TypeKind::Int => self.put("int"),
            TypeKind::Number => self.put("number"),
            TypeKind::Percent => self.put("percent"),
            TypeKind::Money(currency) => self.show(format_args!("money {}", currency.node)),
            TypeKind::Text => self.put("text"),
            TypeKind::Enum(values) => {
                self.put("enum(");
                self.list(values, ", ", Self::name);
                self.put(")");
            }
            TypeKind::Date => self.put("date"),
            TypeKind::Instant => self.put("instant"),
            TypeKind::Time => self.put("time"),
            TypeKind::Version => self.put("version"),
            TypeKind::Point => self.put("point"),
            TypeKind::Distance => self.put("distance"),
            TypeKind::Zone => self.put("zone"),
            TypeKind::Id { int: true } => self.put("id<int>"),
            TypeKind::Id { int: false } => self.put("id"),
            TypeKind::Struct(fields) => {
                self.put("{ ");
                self.list(fields, "  ", Self::field);
                self.put(" }");
            }
            TypeKind::Map(element) => {
                self.put("map<");
                self.type_name(&element.node);
                self.put(">");
            }
            TypeKind::List(element) => {
                self.put("list<");
                self.type_name(&element.node);
                self.put(">");
            }
        }
    }

    fn score(&mut self, name: &Name, zone: &Option<Name>, subject: &Expr, bands: &[Band], otherwise: &Expr) {
        self.show(format_args!("score {}", name.node));
        self.zone(zone);
        self.put(" on ");
        self.expr(subject);
        self.put(" { ");
        for band in bands {
            self.at(&band.value, Level::Add);
            self.show(format_args!(" if {} ", compare(band.op)));
            self.at(&band.limit, Level::Add);
            self.put(", ");
        }
        self.put("else ");
        self.at(otherwise, Level::Add);
        self.put(" }");
    }

    fn group(&mut self, name: &Name, on: &[Name], rows: &[GroupRow], otherwise: Option<&Name>) {
        self.show(format_args!("group {} on (", name.node));
        self.list(on, ", ", Self::name);
        self.put(") {\n");
        for row in rows {
            self.show(format_args!("  {} if ", row.label.node));
            self.list(&row.cells, ", ", |printer, cell| printer.cell(cell.node));
            self.put("\n");
        }
        if let Some(label) = otherwise {
            self.show(format_args!("  else {}\n", label.node));
        }
        self.put("}");
    }

    fn stage_row(&mut self, row: &StageRow) {
        self.name(&row.name);
        if let Some(when) = &row.when {
            self.put(" when ");
            self.condition(when, "    ");
        }
    }

    fn cell(&mut self, cell: Cell) {
        match cell {
            Cell::Any => self.put("any"),
            Cell::Range(low, high) if low == high => self.show(low),
            Cell::Range(low, high) => self.show(format_args!("{low}..{high}")),
        }
    }
}
