import './answer.css';
import './base.css';
