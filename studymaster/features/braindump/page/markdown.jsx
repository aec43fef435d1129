// Shows Markdown as it is meant. Tags of HTML stay text: nothing typed becomes part of the page.
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

const PLUGINS = [remarkGfm];
// A note may hold the address of a picture elsewhere: showing it would tell that host who reads.
const PARTS = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow">
      {alt || "Picture"}
    </a>
  ),
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
};

export function Markdown({ text }) {
  return (
    <div className="written font-study text-[18px] leading-relaxed text-ink">
      <ReactMarkdown remarkPlugins={PLUGINS} components={PARTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
