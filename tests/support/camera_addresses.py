"""Addresses of cameras as attackers write them, and as cameras have them; the fence's network is 10.66.0.0/16."""

HOSTILE = (
    # schemes and what stands in their place
    "http://10.66.1.1/", "file:///etc/passwd", "rtmp://10.66.1.1/live", "concat:rtsp://10.66.1.1/", "//10.66.1.1/",
    "rtsp:10.66.1.1", "rtsp:/10.66.1.1/", "rtsp:\\\\10.66.1.1\\", "RTSPT://10.66.1.1/", "tcp://10.66.1.1:554", "",
    "udp://10.66.1.1:554", "subfile,,start,0,end,0,,:rtsp://10.66.1.1/", " rtsp://10.66.1.1/",
    # loopback, link-local, metadata, multicast, unspecified, broadcast: plainly
    "rtsp://127.0.0.1/", "rtsp://127.9.9.9:8554/", "rtsp://localhost/", "rtsp://a.localhost/", "rtsp://0.0.0.0/",
    "rtsp://169.254.169.254/latest/meta-data", "rtsp://100.100.100.200/", "rtsp://224.0.0.1/", "rtsp://239.255.255.250/",
    "rtsp://255.255.255.255/", "rtsp://192.0.0.192/", "rtsp://0.1.2.3/",
    # the same in numbers that inet_aton reads and ipaddress does not
    "rtsp://2130706433/", "rtsp://0x7f000001/", "rtsp://017700000001/", "rtsp://0177.0.0.1/", "rtsp://0x7f.0.0.1/",
    "rtsp://127.1/", "rtsp://127.0.1/", "rtsp://0/", "rtsp://0x0/", "rtsp://10.66.257/", "rtsp://010.066.001.001/",
    "rtsp://172777089/", "rtsp://0xa420101/", "rtsp://10.66.1.1./", "rtsp://10.66.1.0x1/", "rtsp://4294967296/",
    "rtsp://10.66.1.1.1/",
    # IPv6 in all its forms
    "rtsp://[::1]/", "rtsp://[::]/", "rtsp://[::ffff:127.0.0.1]/", "rtsp://[::ffff:10.66.1.1]/", "rtsp://[::127.0.0.1]/",
    "rtsp://[0:0:0:0:0:ffff:7f00:1]/", "rtsp://[64:ff9b::7f00:1]/", "rtsp://[2002:7f00:1::]/", "rtsp://[fe80::1]/",
    "rtsp://[fe80::1%25eth0]/", "rtsp://[fe80::1%eth0]/", "rtsp://[ff02::1]/", "rtsp://[fec0::1]/", "rtsp://[::1/",
    "rtsp://[fd00:ec2::254]/", "rtsp://[2001:0:7f00:1::]/", "rtsp://::1/", "rtsp://[10.66.1.1]/", "rtsp://[v1.x]/",
    # credentials, and what looks like them
    "rtsp://user:pass@10.66.1.1/", "rtsp://10.66.1.1@127.0.0.1/", "rtsp://10.66.1.1%40127.0.0.1/", "rtsp://@10.66.1.1/",
    "rtsp://10.66.1.1\\@127.0.0.1/", "rtsp://127.0.0.1#@10.66.1.1/", "rtsp://127.0.0.1?@10.66.1.1/",
    "rtsp://10.66.1.1/a@b", "rtsp://10.66.1.1:554@127.0.0.1:554/",
    # hosts that are read in two ways
    "rtsp://10.66.1.1%2e127.0.0.1/", "rtsp://%31%32%37.0.0.1/", "rtsp://10.66.1.1:/../", "rtsp://10.66.1.1:0/",
    "rtsp://10.66.1.1:65536/", "rtsp://10.66.1.1:-1/", "rtsp://10.66.1.1:554:554/", "rtsp://10.66.1.1 /",
    "rtsp://10.66.1.1\r\nHost: x/", "rtsp://10.66.1.1\t/", "rtsp://10.66.1.1/\n", "rtsp:///path", "rtsp://:554/",
    "rtsp://-a.example/", "rtsp://a..example/", "rtsp://.example/", "rtsp://" + "a" * 64 + ".example/",
    "rtsp://" + "a." * 200 + "example/", "rtsp://10.66.1.1/" + "a" * 2000,
    # letters that look like others, or become others
    "rtsp://①②⑦.⓪.⓪.①/", "rtsp://127。0。0。1/", "rtsp://１２７.0.0.1/", "rtsp://ⓛocalhost/", "rtsp://摄像机.example/",
    "rtsp://xn--fiq228c.example/", "rtsp://exa\u200bmple/", "rtsp://10.66.1.1\u2024/", "rtsp://ſ.example/",
    # names of nobody
    "rtsp://camera.invalid/", "rtsp://cameras.demo.invalid/", "rtsp://cameras.demo.invalid:8554/",
    # other networks
    "rtsp://10.67.0.1/", "rtsp://192.168.1.64/", "rtsp://8.8.8.8/", "rtsp://[2001:db8:67::1]/",
    # other services of the same network
    "rtsp://10.66.1.1:22/", "rtsp://10.66.1.1:25/", "rtsp://10.66.1.1:80/",
)  # fmt: skip

ALLOWED = (
    ("rtsp://10.66.1.1/", ("10.66.1.1", 554)),
    ("rtsp://10.66.255.254:8554/Streaming/Channels/101", ("10.66.255.254", 8554)),
    ("RTSP://10.66.1.1/", ("10.66.1.1", 554)),
    ("rtsps://10.66.1.1/live", ("10.66.1.1", 322)),
    ("rtsp://[2001:db8:66::5]:10554/a?b=c@d", ("2001:db8:66::5", 10554)),
    ("rtsp://nvr-3.cameras.example/cam/realmonitor?channel=1&subtype=0", ("10.66.9.9", 554)),
)
