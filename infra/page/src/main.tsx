import { render } from "preact";
import { App } from "./app";
import { begin } from "./session";

render(<App />, document.body);
void begin();
