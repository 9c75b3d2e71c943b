//! What a tree says, and where each of its parts stands: two trees that say the same have their places in the same order.
//!
//! Both are read off the tree by serializing it, so that no form of the language needs code of its own here.

use std::fmt::Display;

use serde::ser::{self, Serialize, Serializer};

#[cfg(feature = "json")]
use super::ast::Statement;
use crate::diagnostic::Span;

/// A tree flattened.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outline {
    /// Everything but the places, so that equal bytes are equal trees.
    pub says: Vec<u8>,
    /// In the order of the tree, a part before its own parts.
    pub places: Vec<Span>,
}

/// Whether two statements are the same but for their places; `and` inside `and`, or `or` inside `or`, counts as one.
#[cfg(feature = "json")]
pub(crate) fn says_the_same(one: &Statement, other: &Statement) -> bool {
    Outline::of(one).says == Outline::of(other).says
}

impl Outline {
    pub fn of(tree: &impl Serialize) -> Self {
        let mut outline = Outline::default();
        // The only error there is comes from a type that cannot be serialized, and no tree holds one.
        let _ = tree.serialize(Writer::new(&mut outline));
        outline
    }
}

/// Which number of a place one is.
#[derive(Clone, Copy)]
enum Number {
    File,
    Start,
    End,
}

struct Writer<'a> {
    outline: &'a mut Outline,
    /// Set for the numbers of a place.
    place: Option<Number>,
    /// Set for the operands of `and` and `or`.
    joint: Option<&'static str>,
    /// Whether the list to come continues another one.
    continued: bool,
}

impl Writer<'_> {
    /// Lengths come before contents, so that no two trees flatten to the same bytes.
    fn bytes(self, tag: u8, bytes: &[u8]) -> Result<(), Impossible> {
        self.outline.says.push(tag);
        self.outline.says.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.outline.says.extend_from_slice(bytes);
        Ok(())
    }

    fn number(self, tag: u8, number: i128) -> Result<(), Impossible> {
        self.bytes(tag, &number.to_be_bytes())
    }

    fn same(&mut self) -> Writer<'_> {
        Writer::new(self.outline)
    }
}

impl<'a> Writer<'a> {
    fn new(outline: &'a mut Outline) -> Self {
        Writer { outline, place: None, joint: None, continued: false }
    }

    fn open(mut self, tag: u8, name: &str) -> Result<Parts<'a>, Impossible> {
        self.same().bytes(tag, name.as_bytes())?;
        Ok(Parts { outline: self.outline, kind: Kind::Plain, joint: None })
    }
}

/// What a serializer must be able to return.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Impossible(String);

impl ser::Error for Impossible {
    fn custom<T: Display>(message: T) -> Self {
        Impossible(message.to_string())
    }
}

/// The parts of a list, map or struct.
struct Parts<'a> {
    outline: &'a mut Outline,
    kind: Kind,
    joint: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    /// The numbers of a place.
    Place,
    /// Operands that belong to an outer list.
    Continued,
}

impl Parts<'_> {
    fn part<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Impossible> {
        part.serialize(Writer { joint: self.joint, ..Writer::new(self.outline) })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Impossible> {
        if self.kind != Kind::Place {
            return self.part(value);
        }
        let end = match name {
            "start" => Number::Start,
            "end" => Number::End,
            _ => Number::File,
        };
        value.serialize(Writer { place: Some(end), ..Writer::new(self.outline) })
    }

    fn close(self) -> Result<(), Impossible> {
        if self.kind == Kind::Plain {
            self.outline.says.push(b')');
        }
        Ok(())
    }
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Impossible;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    /// Only formats for machines are given the places.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_u32(self, value: u32) -> Result<(), Impossible> {
        let Some(end) = self.place else { return self.number(b'u', value.into()) };
        if let Some(place) = self.outline.places.last_mut() {
            match end {
                Number::File => place.file = value,
                Number::Start => place.start = value,
                Number::End => place.end = value,
            }
        }
        Ok(())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Impossible> {
        let joint = self.joint;
        match name {
            "Span" => {
                self.outline.places.push(Span::default());
                Ok(Parts { outline: self.outline, kind: Kind::Place, joint: None })
            }
            // Its bytes would part `and` from the `and` that it stands in.
            "Spanned" => Ok(Parts { outline: self.outline, kind: Kind::Continued, joint }),
            _ => self.open(b'{', name),
        }
    }

    fn serialize_bool(self, value: bool) -> Result<(), Impossible> {
        self.number(b'b', value.into())
    }
    fn serialize_i8(self, value: i8) -> Result<(), Impossible> {
        self.number(b'i', value.into())
    }
    fn serialize_i16(self, value: i16) -> Result<(), Impossible> {
        self.number(b'i', value.into())
    }
    fn serialize_i32(self, value: i32) -> Result<(), Impossible> {
        self.number(b'i', value.into())
    }
    fn serialize_i64(self, value: i64) -> Result<(), Impossible> {
        self.number(b'i', value.into())
    }
    fn serialize_i128(self, value: i128) -> Result<(), Impossible> {
        self.number(b'i', value)
    }
    fn serialize_u8(self, value: u8) -> Result<(), Impossible> {
        self.number(b'u', value.into())
    }
    fn serialize_u16(self, value: u16) -> Result<(), Impossible> {
        self.number(b'u', value.into())
    }
    fn serialize_u64(self, value: u64) -> Result<(), Impossible> {
        self.number(b'u', value.into())
    }
    fn serialize_u128(self, value: u128) -> Result<(), Impossible> {
        self.bytes(b'u', &value.to_be_bytes())
    }
    fn serialize_f32(self, value: f32) -> Result<(), Impossible> {
        self.bytes(b'f', &value.to_bits().to_be_bytes())
    }
    fn serialize_f64(self, value: f64) -> Result<(), Impossible> {
        self.bytes(b'f', &value.to_bits().to_be_bytes())
    }
    fn serialize_char(self, value: char) -> Result<(), Impossible> {
        self.number(b'c', u32::from(value).into())
    }
    fn serialize_str(self, value: &str) -> Result<(), Impossible> {
        self.bytes(b's', value.as_bytes())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Impossible> {
        self.bytes(b'y', value)
    }
    fn serialize_none(self) -> Result<(), Impossible> {
        self.bytes(b'0', &[])
    }
    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Result<(), Impossible> {
        self.same().bytes(b'1', &[])?;
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Impossible> {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Impossible> {
        self.serialize_str(name)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Impossible> {
        self.bytes(b'v', variant.as_bytes())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Impossible> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Impossible> {
        let joint = Some(variant).filter(|variant| matches!(*variant, "and" | "or"));
        let continued = joint.is_some() && joint == self.joint;
        if !continued {
            self.same().bytes(b'n', variant.as_bytes())?;
        }
        value.serialize(Writer { joint, continued, ..Writer::new(self.outline) })
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Impossible> {
        let joint = self.joint;
        match self.continued {
            true => Ok(Parts { outline: self.outline, kind: Kind::Continued, joint }),
            false => self.open(b'[', "").map(|parts| Parts { joint, ..parts }),
        }
    }
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Impossible> {
        self.open(b'[', "")
    }
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Impossible> {
        self.open(b'[', name)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Impossible> {
        self.open(b'<', variant)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Impossible> {
        self.open(b'm', "")
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Impossible> {
        self.open(b'<', variant)
    }
}

/// The seven kinds of parts differ in their traits only.
macro_rules! parts {
    ($($kind:ident $method:ident),*) => {$(
        impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Impossible;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Impossible> {
                self.part(value)
            }
            fn end(self) -> Result<(), Impossible> {
                self.close()
            }
        }
    )*};
}

macro_rules! fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Impossible;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Impossible> {
                self.field(name, value)
            }
            fn end(self) -> Result<(), Impossible> {
                self.close()
            }
        }
    )*};
}

parts!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);
fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Impossible;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Impossible> {
        self.part(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Impossible> {
        self.part(value)
    }
    fn end(self) -> Result<(), Impossible> {
        self.close()
    }
}
