"""refused.py PORT: an iperf3 server on 127.0.0.1 whose UDP port closes after two seconds of one test, while its control connection stays:
the client's datagrams are answered by ICMP, port unreachable."""
import socket
import struct
import sys
import time

PARAM_EXCHANGE, CREATE_STREAMS, TEST_START, TEST_RUNNING = b"\x09", b"\x0a", b"\x01", b"\x02"


def receive(control, n):
    data = b""
    while len(data) < n:
        data += control.recv(n - len(data)) or sys.exit("the client left")
    return data


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    control, _ = listener.accept()
    receive(control, 37)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as data:
        data.bind(("127.0.0.1", int(sys.argv[1])))
        control.sendall(PARAM_EXCHANGE)
        receive(control, struct.unpack(">I", receive(control, 4))[0])
        control.sendall(CREATE_STREAMS)
        _, client = data.recvfrom(4)
        data.sendto(struct.pack("<I", 0x39383736), client)
        control.sendall(TEST_START + TEST_RUNNING)
        time.sleep(2)
    time.sleep(2)
