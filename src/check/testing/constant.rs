//! Constants of tests: what is written → a value of the type it is for.

use super::Tester;
use crate::check::expression::Checker;
use crate::check::tree::{Constant, Expr, Kind};
use crate::check::words;
use crate::check::world::zone;
use crate::diagnostic::{Code, Diagnostic};
use crate::geo::Point;
use crate::schema::{Money, Type, Value};
use crate::syntax::ast::{self, ExprKind};

impl Tester<'_> {
    /// The value of an expression for an attribute, a property or a definition of this type.
    pub(super) fn constant(&self, expr: &ast::Expr, ty: &Type, out: &mut Vec<Diagnostic>) -> Option<Value> {
        if let (Type::Texts | Type::List(_), ExprKind::List(items)) = (ty, &expr.node) {
            let item = match ty {
                Type::List(item) => item,
                _ => &Type::Text,
            };
            let values: Vec<Value> = items.iter().filter_map(|value| self.constant(value, item, out)).collect();
            let all = values.len() == items.len();
            let texts = || values.iter().map(|value| value.to_string()).collect();
            return all.then(|| if *ty == Type::Texts { Value::Texts(texts()) } else { Value::List(values.clone()) });
        }
        if ty.is_collection() {
            out.push(match ty {
                Type::Map(_) => {
                    Diagnostic::error(Code::Unsupported, expr.span, "a test cannot give a map of values yet")
                }
                _ => Diagnostic::error(Code::TypeMismatch, expr.span, "a list is needed here")
                    .help("write the values in brackets: `[\"a\", \"b\"]`"),
            });
            return None;
        }
        let checked = Checker::new(self.world, out).value(expr, Some(ty))?;
        if !fits(&checked.ty, ty) {
            let message = format!("{} is needed here", words::a(ty));
            let error = Diagnostic::error(
                if matches!((ty, &checked.ty), (Type::Money(_), Type::Money(_))) {
                    Code::WrongCurrency
                } else {
                    Code::TypeMismatch
                },
                expr.span,
                message,
            );
            out.push(error.label(words::this_is(&checked.ty)));
            return None;
        }
        if let (Type::Zone, Kind::Constant(Constant::Text(name))) = (ty, &checked.kind) {
            return zone(name, expr.span, out).map(Value::Zone);
        }
        let value = value(&checked, ty);
        if value.is_none() {
            out.push(
                Diagnostic::error(Code::NotACondition, expr.span, "a test speaks of constants")
                    .label("this has to be worked out")
                    .help("write the value itself"),
            );
        }
        value
    }
}

/// A version and a zone are written as texts.
fn fits(found: &Type, ty: &Type) -> bool {
    found == ty || matches!((found, ty), (Type::Text, Type::Zone | Type::Version))
}

fn value(expr: &Expr, ty: &Type) -> Option<Value> {
    let constant = match &expr.kind {
        Kind::Constant(constant) => constant,
        Kind::Version { of, .. } => return value(of, &Type::Text),
        Kind::Point(latitude, longitude) => {
            let degrees = |expr: &Expr| match value(expr, &Type::Number)? {
                Value::Number(degrees) => Some(degrees),
                _ => None,
            };
            return Point::new(degrees(latitude)?, degrees(longitude)?).map(Value::Point);
        }
        _ => return None,
    };
    Some(match (constant, ty) {
        (Constant::Bool(value), _) => Value::Bool(*value),
        (Constant::Int(value), _) => Value::Int(*value),
        (Constant::Number(value), Type::Percent) => Value::Percent(*value),
        (Constant::Number(value), Type::Distance) => Value::Distance(*value),
        (Constant::Number(value), _) => Value::Number(*value),
        (Constant::Money(minor), Type::Money(currency)) => Value::Money(Money::new(*minor, *currency)),
        (Constant::Text(text) | Constant::Version(text), _) => Value::Text(text.to_string()),
        (Constant::Category(index), Type::Enum(names)) => Value::Text(names.get(*index)?.clone()),
        (Constant::Date(date), _) => Value::Date(*date),
        (Constant::Instant(at), _) => Value::Instant(*at),
        (Constant::Time(time), _) => Value::Time(*time),
        (Constant::Point(point), _) => Value::Point(*point),
        (Constant::Money(_) | Constant::Category(_) | Constant::Period(_), _) => return None,
    })
}
