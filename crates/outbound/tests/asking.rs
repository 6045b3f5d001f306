//! What is asked and what is not, against a server on the loopback address.

use std::net::SocketAddr;

use http::Request;
use outbound::{Outbound, OutboundError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that gives every request the same answer.
async fn server(answer: &'static str, repeat: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                for _ in 0..repeat {
                    if stream.write_all(&vec![b'x'; 65_536]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

fn outbound(allowed: &[&str]) -> Outbound {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Outbound::new(allowed.iter().map(|network| network.parse().expect("a network")).collect())
}

async fn ask(outbound: &Outbound, url: &str) -> Result<http::Response<Vec<u8>>, OutboundError> {
    outbound.send(Request::get(url).body(Vec::new()).expect("a request")).await
}

#[tokio::test]
async fn private_addresses_are_asked_where_the_platform_allows_them() {
    let address = server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 0).await;
    let (nowhere, loopback) = (outbound(&[]), outbound(&["127.0.0.0/8"]));
    let elsewhere = outbound(&["10.0.0.0/8"]);
    let port = address.port();
    // Numbers in every spelling that URLs have, and a name that resolves to one.
    for host in ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost"] {
        let plain = format!("http://{host}:{port}/");
        assert_eq!(ask(&loopback, &plain).await.expect(host).body(), b"hi", "{host}");
        for other in [&nowhere, &elsewhere] {
            let refused = ask(other, &plain).await.expect_err(host);
            assert!(matches!(refused, OutboundError::Scheme | OutboundError::Private), "{host}: {refused}");
            let refused = ask(other, &format!("https://{host}:{port}/")).await.expect_err(host);
            assert!(matches!(refused, OutboundError::Private), "{host}: {refused}");
        }
        // Allowed, and then it is no TLS that answers.
        let refused = ask(&loopback, &format!("https://{host}:{port}/")).await.expect_err(host);
        assert!(matches!(refused, OutboundError::Network(_)), "{host}: {refused}");
    }
    let refused = ask(&nowhere, &format!("https://[::ffff:127.0.0.1]:{port}/")).await.expect_err("private");
    assert!(matches!(refused, OutboundError::Private), "{refused}");
    assert!(matches!(ask(&loopback, "ftp://localhost/").await, Err(OutboundError::Scheme)));
    // A public address is not asked without TLS, allowed networks or not.
    assert!(matches!(ask(&loopback, "http://1.1.1.1/").await, Err(OutboundError::Scheme)));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let address =
        server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 0);
    let answer =
        ask(&outbound(&["127.0.0.1/32"]), &format!("http://{}/", address.await)).await.expect("asked");
    assert_eq!(answer.status(), 302);
}

#[tokio::test]
async fn an_answer_without_end_ends() {
    let address = server("HTTP/1.1 200 OK\r\n\r\n", 64).await;
    let refused = ask(&outbound(&["127.0.0.1/32"]), &format!("http://{address}/")).await.expect_err("large");
    assert!(matches!(refused, OutboundError::TooLarge), "{refused}");
}
