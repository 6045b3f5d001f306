//! Bodies, of JSON and others, whose mistakes are answered as problems. Must not validate: that is the domain's.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use http_body_util::LengthLimitError;

use crate::{Code, FieldError, Problem};

/// Bytes of a JSON body. Files do not come this way.
const LARGEST_BODY: usize = 256 * 1024;

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON merge patch (RFC 7396): `T`'s fields are `Option<Option<…>>`, of which the outer one is "named".
#[derive(Debug)]
pub struct MergePatch<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request, &["application/json"]).await.map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MergePatch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request, &["application/merge-patch+json", "application/json"]).await.map(Self)
    }
}

async fn read<T: DeserializeOwned>(request: Request, types: &[&'static str]) -> Result<T, Problem> {
    let (_, bytes) = read_bytes(request, types, LARGEST_BODY).await?;
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| misfit(&error))?;
    deserializer.end().map_err(|_| Problem::new(Code::Malformed))?;
    Ok(value)
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    match error.inner().classify() {
        Category::Data => {
            let message = error.inner().to_string();
            Problem::validation(vec![
                FieldError::new(&pointer(error.path()), "form").with("message", message),
            ])
        }
        Category::Io | Category::Syntax | Category::Eof => Code::Malformed.into(),
    }
}

/// The spot as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.fold(String::new(), |pointer, segment| pointer + "/" + &segment)
}

/// A body as it stands, of at most `largest` bytes, and which of `types` it is said to be.
pub async fn read_bytes(
    request: Request,
    types: &[&'static str],
    largest: usize,
) -> Result<(&'static str, Bytes), Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    let said = types.iter().find(|known| essence.is_some_and(|essence| essence.eq_ignore_ascii_case(known)));
    let said = *said.ok_or(Code::UnsupportedMediaType)?;
    let bytes = axum::body::to_bytes(request.into_body(), largest).await.map_err(|error| {
        let too_large =
            std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
        Problem::new(if too_large { Code::TooLarge } else { Code::Malformed })
    })?;
    Ok((said, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
    }

    async fn parse(content_type: &str, body: &'static str) -> Result<Body<Thing>, Code> {
        let request =
            Request::post("/").header(header::CONTENT_TYPE, content_type).body(body.into()).expect("request");
        Body::from_request(request, &()).await.map_err(|problem| problem.code())
    }

    #[tokio::test]
    async fn too_large_is_said_so() {
        let long = format!("{{\"name\": \"{}\"}}", "x".repeat(LARGEST_BODY));
        let refused = parse("application/json", Box::leak(long.into_boxed_str())).await;
        assert_eq!(refused.expect_err("too large"), Code::TooLarge);
    }

    #[tokio::test]
    async fn a_body_as_it_stands_is_of_a_known_type_and_size() {
        let ask = async |content_type: &'static str, body: &'static str| {
            let request = Request::put("/").header(header::CONTENT_TYPE, content_type).body(body.into());
            let read = read_bytes(request.expect("request"), &["image/png", "image/webp"], 4).await;
            read.map_err(|problem| problem.code())
        };
        assert_eq!(ask("IMAGE/webp; x=y", "1234").await, Ok(("image/webp", Bytes::from("1234"))));
        assert_eq!(ask("image/png", "12345").await, Err(Code::TooLarge));
        assert_eq!(ask("image/svg+xml", "1234").await, Err(Code::UnsupportedMediaType));
    }

    #[tokio::test]
    async fn a_misfit_is_pointed_at() {
        #[derive(Debug, Deserialize)]
        struct Things {
            _things: Vec<Thing>,
        }
        for (body, expected) in [
            (r#"{"_things": [{"name": "x"}, {"name": 1}]}"#, "/_things/1/name"),
            (r#"{"_things": [{"name": "x", "oth/er": 1}]}"#, "/_things/0/oth~1er"),
            (r#"{"_things": {}}"#, "/_things"),
        ] {
            let request = Request::post("/").header(header::CONTENT_TYPE, "application/json");
            let read = Body::<Things>::from_request(request.body(body.into()).expect("request"), &()).await;
            let answer = read.expect_err(body).into_response().into_body();
            let bytes = axum::body::to_bytes(answer, LARGEST_BODY).await.expect("read");
            let problem: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
            assert_eq!(problem["errors"][0]["pointer"], expected, "{body}");
        }
    }

    #[tokio::test]
    async fn mistakes_have_their_own_codes() {
        let thing = parse("application/json; charset=utf-8", r#"{"name": "x"}"#).await.expect("good").0;
        assert_eq!(thing.name, "x");
        let wrong = [
            ("text/plain", r#"{"name": "x"}"#, Code::UnsupportedMediaType),
            ("application/json", r#"{"name": "#, Code::Malformed),
            ("application/json", r#"{"name": 1}"#, Code::Validation),
            ("application/json", r#"{"name": "x", "other": 1}"#, Code::Validation),
        ];
        for (content_type, body, code) in wrong {
            assert_eq!(parse(content_type, body).await.expect_err(body), code, "{body}");
        }
    }
}
