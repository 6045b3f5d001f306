//! Images as people upload them: which kinds there are, and by which first bytes each is known. Pure; decodes none.

/// A kind of image that browsers show and that holds no script: SVG is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl ImageKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// What bytes are, as their first ones tell.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.begins(bytes))
    }

    fn begins(self, bytes: &[u8]) -> bool {
        match self {
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
            // Between the two stands the length.
            Self::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_first_bytes() {
        let known: [(&[u8], ImageKind); 3] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ImageKind::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", ImageKind::Jpeg),
            (b"RIFF\x24\0\0\0WEBPVP8 ", ImageKind::Webp),
        ];
        for (bytes, kind) in known {
            assert_eq!(ImageKind::of(bytes), Some(kind));
            assert_eq!(ImageKind::of(&bytes[1..]), None, "{kind:?}, cut");
        }
        for bytes in [&b""[..], b"<svg xmlns=", b"GIF89a", b"RIFF\x24\0\0\0WAVE", b"\x89PNG", b"RIFF"] {
            assert_eq!(ImageKind::of(bytes), None, "{bytes:?}");
        }
    }
}
