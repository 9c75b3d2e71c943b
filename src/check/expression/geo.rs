//! Points and distances.

use super::Checker;
use crate::check::tree::{Constant, Expr, Kind};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::geo::Point;
use crate::schema::Type;
use crate::syntax::ast::{self, CompareOp};

impl Checker<'_> {
    /// `point(48.8566, 2.3522)`, or of two numbers of the customer.
    pub(super) fn point(&mut self, lat: &ast::Expr, lon: &ast::Expr, span: Span) -> Option<Expr> {
        let (lat, lon) = (self.value(lat, Some(&Type::Number)), self.value(lon, Some(&Type::Number)));
        let (lat, lon) = (lat?, lon?);
        for coordinate in [&lat, &lon] {
            if coordinate.ty != Type::Number {
                return self.fail(
                    Diagnostic::error(Code::TypeMismatch, coordinate.span, "`point` needs degrees, as numbers")
                        .label(words::this_is(&coordinate.ty)),
                );
            }
        }
        let kind = match (&lat.kind, &lon.kind) {
            (Kind::Constant(Constant::Number(lat)), Kind::Constant(Constant::Number(lon))) => {
                match Point::new(*lat, *lon) {
                    Some(point) => Kind::Constant(Constant::Point(point)),
                    None => return self.fail(no_such_point(*lat, *lon, span)),
                }
            }
            _ => Kind::Point(Box::new(lat), Box::new(lon)),
        };
        Some(Expr { kind, ty: Type::Point, span })
    }

    /// `distance(home, work)`
    pub(super) fn distance(&mut self, from: &ast::Expr, to: &ast::Expr, span: Span) -> Option<Expr> {
        let (from, to) = (self.place(from), self.place(to));
        Some(Expr { kind: Kind::Distance(Box::new(from?), Box::new(to?)), ty: Type::Distance, span })
    }

    /// `home is within 10 km of work`: no farther than that.
    pub(super) fn near(
        &mut self,
        subject: &ast::Expr,
        limit: &ast::Spanned<ast::Distance>,
        of: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let apart = self.distance(subject, of, subject.span.to(of.span));
        let limit = self.length(&limit.node, limit.span);
        let (left, right) = (Box::new(apart?), Box::new(limit?));
        let op = CompareOp::LessOrEqual;
        Some(Expr { kind: Kind::Compare { op, left, right, ignoring_case: false }, ty: Type::Bool, span })
    }

    /// `home is inside "bay_area"`
    pub(super) fn inside(&mut self, subject: &ast::Expr, region: &ast::Name, span: Span) -> Option<Expr> {
        let (subject, region) = (self.place(subject), self.world.regions.named(region, self.out));
        let kind = Kind::Inside { subject: Box::new(subject?), region: region? };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    /// `10 km`
    pub(super) fn length(&mut self, length: &ast::Distance, span: Span) -> Option<Expr> {
        match length.unit.metres(&length.amount) {
            Some(metres) => Some(Expr { kind: Kind::Constant(Constant::Number(metres)), ty: Type::Distance, span }),
            None => self.fail(Diagnostic::error(Code::BadNumber, span, "this distance is too large")),
        }
    }

    /// An expression that is a point.
    pub(super) fn place(&mut self, place: &ast::Expr) -> Option<Expr> {
        let checked = self.value(place, None)?;
        if checked.ty == Type::Point {
            return Some(checked);
        }
        self.fail(
            Diagnostic::error(Code::TypeMismatch, checked.span, "a point on the map is needed here")
                .label(words::this_is(&checked.ty))
                .help("a point is an attribute of type `point`, or written `point(48.8566, 2.3522)`"),
        )
    }
}

/// Coordinates outside of the Earth.
pub(in crate::check) fn no_such_point(lat: f64, lon: f64, span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::BadCoordinate, span, "there is no such point");
    match Point::new(lon, lat) {
        // A longitude fits where a latitude does not: the other way round it is a point.
        Some(turned) => error
            .label("the latitude comes first, from -90 to 90")
            .help(format!("write `point({turned})`"))
            .suggest(span, format!("point({turned})")),
        None => error.label("the latitude is -90 to 90 degrees, the longitude -180 to 180"),
    }
}
